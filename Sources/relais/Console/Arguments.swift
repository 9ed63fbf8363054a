public import ArgumentParser
import Foundation
public import Pathways
public import Projections
public import Timekeeping

/// Where the data directory is: common to nearly all commands.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory of a territory.", valueName: "DIR"))
    var directory: String

    var node: NodeDirectory { NodeDirectory(naming: directory) }
}

/// How long an orphan may wait before it is an alarm.
struct OrphanAlarmOption: ParsableArguments {
    @Option(name: .customLong("orphan-alarm-hours"), help: "Hours that a message may wait for what it speaks of before it is an alarm (default 4).")
    var hours: Int64?

    func validate() throws {
        if let hours, !Self.range.contains(hours) { throw ValidationError("--orphan-alarm-hours must be \(Self.words).") }
    }

    static let range: ClosedRange<Int64> = 0...8_760
    static let words = "0 to 8760 (a year)"
}

extension Instant: ExpressibleByArgument {
    public init?(argument: String) { self.init(rfc3339: argument) }
}

extension DeploymentEnvironment: ExpressibleByArgument {}
extension DischargeDestination: ExpressibleByArgument {}
extension HomeReturnEvidence: ExpressibleByArgument {}
extension PatientErased.Reason: ExpressibleByArgument {}
extension CorrectionReason: ExpressibleByArgument {}
extension RetractionReason: ExpressibleByArgument {}
extension DiscardReason: ExpressibleByArgument {}
extension ChannelKind: ExpressibleByArgument {}
extension QuarantinedMessage.Status: ExpressibleByArgument {}

/// `HOST:PORT`.
struct Endpoint: ExpressibleByArgument, CustomStringConvertible {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]), 0...65_535 ~= port else {
            return nil
        }
        host = argument[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = port
    }

    var description: String { "\(host):\(port)" }
}
