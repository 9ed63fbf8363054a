import EventStore
import Pathways
import Timekeeping

/// An event that the planner would record.
struct ProposedEvent {
    let stream: StreamID
    let event: NewEvent

    /// Nil if history has the same event: stream, type, time, cause and payload, byte by byte. Of a type that an older version wrote, what it
    /// says today is compared.
    func difference(from recorded: RecordedEvent, saying says: PathwayEvent?) -> String? {
        guard stream == recorded.stream else { return "recorded \(recorded.type), made again: \(event.type) in pathway \(stream.hex)" }
        var (name, payload) = (recorded.type, recorded.payload)
        if let body = says?.body, type(of: body).type != recorded.type { (name, payload) = (type(of: body).type, body.payload) }
        guard event.type == name else { return "recorded \(recorded.type), made again: \(event.type)" }
        if event.payload != payload { return "\(recorded.type) differs in \(Self.field(event.payload, payload))" }
        if event.time != recorded.time { return "\(recorded.type) is of another time: \(recorded.time.rfc3339), made again \(event.time.rfc3339)" }
        if event.causation != recorded.causation { return "\(recorded.type) names another cause" }
        return nil
    }

    /// The name of the field in which two documents begin to differ: names are the program's, values may be somebody's.
    private static func field(_ one: [UInt8], _ other: [UInt8]) -> String {
        let same = zip(one, other).prefix { $0 == $1 }.count
        let text = String(decoding: one.prefix(same), as: UTF8.self)
        let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
        for index in parts.indices.dropLast().reversed() where parts[index + 1].hasPrefix(":") { return "its field \(parts[index])" }
        return "its content"
    }
}
