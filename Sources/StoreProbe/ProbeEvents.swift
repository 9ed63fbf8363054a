import EventStore
import Timekeeping

/// Makes the events of a run: each carries its number, under a command key of the same number.
struct ProbeEvents: Sendable {
    let ids = EventIDGenerator(time: .system, random: { UInt64.random(in: .min ... .max) })
    /// Bytes that make a payload about as long as those of real events.
    private let padding = String(repeating: "x", count: 500)

    func request(_ number: Int, stream: UInt64) throws -> AppendRequest {
        let name = Array("probe\0\0\0".utf8) + withUnsafeBytes(of: stream.bigEndian, Array.init)
        guard let stream = StreamID(bytes: name) else {
            throw EventStoreError(.invalidRequest, "A stream's name has \(name.count) bytes instead of 16.")
        }
        let event = NewEvent(
            id: ids.next(),
            type: "fr.relais.probe.counted.v1",
            source: "urn:relais:probe",
            time: TimeSource.system.now(),
            payload: Array("{\"number\":\(number),\"padding\":\"\(padding)\"}".utf8)
        )
        return AppendRequest(
            command: CommandKey(scope: "probe", key: String(number), body: [], match: .keyAlone),
            writes: [StreamWrite(stream: stream, expected: .any, events: [event])]
        )
    }
}
