/// One header of a record: a name that may repeat, and bytes.
public struct KafkaHeader: Sendable, Hashable {
    /// Without NUL characters.
    public var name: String
    /// `nil` is Kafka's null, which is not the same as no bytes.
    public var value: [UInt8]?

    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// A header whose value is text in UTF-8.
    public init(_ name: String, text: String) {
        self.init(name, Array(text.utf8))
    }

    /// The value as text; `nil` when there is none or it is not UTF-8.
    public var text: String? { value.flatMap { String(validating: $0, as: UTF8.self) } }
}
