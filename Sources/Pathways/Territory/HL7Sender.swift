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
}
