/// Which senders a site profile is for: MSH-3, MSH-4, or both.
public struct SenderPattern: Sendable, Hashable {
    /// Nil for every application of the facility.
    public let application: String?
    /// Nil for the application in every facility.
    public let facility: String?

    public init(application: String? = nil, facility: String? = nil) {
        self.application = application
        self.facility = facility
    }

    public func matches(_ sender: HL7Sender) -> Bool {
        (application.map { $0 == sender.application } ?? true) && (facility.map { $0 == sender.facility } ?? true)
    }

    /// How much it says: of several patterns that match, the greatest decides.
    var precision: Int { (facility == nil ? 0 : 2) + (application == nil ? 0 : 1) }
}
