import ArgumentParser
import Configuration
import HL7v2
import Intake

/// What the MLLP listener puts up with. What is not said stays nil, and is the server's own default.
struct MLLPLimits: ParsableArguments {
    @Option(name: .customLong("mllp-max-frame-bytes"), help: "The longest HL7 message taken over MLLP, in bytes (default 1048576).")
    var frameBytes: Int?
    @Option(name: .customLong("mllp-max-connections"), help: "MLLP connections at one time (default 256).")
    var connections: Int?
    @Option(name: .customLong("mllp-idle-seconds"), help: "Seconds that an MLLP connection may stay without a complete message (default 600).")
    var idleSeconds: Int?
    @Option(name: .customLong("mllp-frame-seconds"), help: "Seconds that a message may take from its first byte to its last (default 30).")
    var frameSeconds: Int?

    /// A whole number with its names and bounds.
    private struct Limit {
        let member: WritableKeyPath<MLLPLimits, Int?>
        let option: String
        let key: String
        let range: ClosedRange<Int>

        var words: String { "\(range.lowerBound) to \(range.upperBound)" }
    }

    private static var all: [Limit] {
        [
            Limit(member: \.frameBytes, option: "--mllp-max-frame-bytes", key: "mllpMaxFrameBytes", range: 1_024...HL7Intake.frameLimit),
            Limit(member: \.connections, option: "--mllp-max-connections", key: "mllpMaxConnections", range: 1...10_000),
            Limit(member: \.idleSeconds, option: "--mllp-idle-seconds", key: "mllpIdleSeconds", range: 1...86_400),
            Limit(member: \.frameSeconds, option: "--mllp-frame-seconds", key: "mllpFrameSeconds", range: 1...3_600),
        ]
    }

    func validate() throws {
        for limit in Self.all {
            guard let value = self[keyPath: limit.member] else { continue }
            if !limit.range.contains(value) { throw ValidationError("\(limit.option) must be \(limit.words).") }
        }
    }

    /// These, and what is not said here as the environment or the file say.
    /// - Throws: `Failure` naming the key whose value is no number within its bounds.
    func completed(from reader: ConfigReader) throws -> MLLPLimits {
        var limits = self
        for limit in Self.all where limits[keyPath: limit.member] == nil {
            guard let text = ServeSettings.number(ConfigKey([limit.key]), reader) else { continue }
            guard let value = Int(text), limit.range.contains(value) else {
                throw Failure(.usage, "relais.\(limit.key) must be \(limit.words)")
            }
            limits[keyPath: limit.member] = value
        }
        return limits
    }

    func configuration(of endpoint: Endpoint) -> MLLPServerConfiguration {
        var configuration = MLLPServerConfiguration(host: endpoint.host, port: endpoint.port)
        if let frameBytes {
            configuration.maximumFrameLength = frameBytes
            // However few may be unfinished together, one of the longest must have room.
            configuration.maximumUnfinishedLength = max(configuration.maximumUnfinishedLength, 2 * frameBytes)
        }
        if let connections { configuration.maximumConnections = connections }
        if let idleSeconds { configuration.idleTimeout = .seconds(idleSeconds) }
        if let frameSeconds { configuration.frameTimeout = .seconds(frameSeconds) }
        return configuration
    }
}
