/// The way from every released event type to today's: one upcaster per step, one after another.
public struct Upcasters: Sendable {
    /// Those of this release: a released type that is no longer written has its upcaster here.
    public static let released = Upcasters(EventUpcaster.released)

    private let steps: [String: EventUpcaster]

    /// Of two that read the same type the later one counts.
    public init(_ upcasters: [EventUpcaster]) {
        steps = upcasters.reduce(into: [:]) { $0[$1.from] = $1 }
    }

    /// The types that are read and written no more.
    public var sources: [String] { steps.keys.sorted() }

    /// Today's name of an event type; itself if it is not an old one.
    public func currentType(of type: String) -> String {
        var current = type
        // A registry that runs in a circle ends here too.
        for _ in 0..<steps.count {
            guard let step = steps[current] else { break }
            current = step.to
        }
        return current
    }

    /// Every type that is read as `current`, itself included.
    public func types(readAs current: String) -> [String] {
        [current] + steps.keys.filter { $0 != current && currentType(of: $0) == current }.sorted()
    }

    /// Today's type and body of an event. What is today's already comes back as it is, unparsed.
    ///
    /// - Throws: `CodecError` if an old body is not what its type promises.
    public func upcast(type: String, payload: [UInt8]) throws(CodecError) -> (type: String, payload: [UInt8]) {
        guard !steps.isEmpty, var step = steps[type] else { return (type, payload) }
        var body = try JSONValue(payload)
        for _ in 0..<steps.count {
            body = try step.upcast(body)
            guard let next = steps[step.to] else { break }
            step = next
        }
        return (step.to, body.bytes)
    }
}
