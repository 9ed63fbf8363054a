/// Who sends HL7 messages: MSH-3 and MSH-4.
public struct HL7Sender: Sendable, Hashable, CustomStringConvertible {
    public let application: String
    public let facility: String

    public init(application: String, facility: String) {
        self.application = application
        self.facility = facility
    }

    /// `application|facility`.
    public var description: String { "\(application)|\(facility)" }

    /// The scope of the idempotency keys of a sender's messages: its repetitions are recognised and counted apart from those of others.
    /// Bounded, since a header is not.
    public var commandScope: String { "hl7/\(Self.bounded(facility))/\(Self.bounded(application))" }

    private static func bounded(_ name: String) -> String {
        name.utf8.count <= nameLimit ? name : "\(name.prefix(nameLimit / 4))…\(name.utf8.count)"
    }

    private static let nameLimit = 1_000
}
