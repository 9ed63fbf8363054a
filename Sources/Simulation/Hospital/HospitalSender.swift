public import Pathways

/// A hospital's information system, as its messages name it.
public struct HospitalSender: Sendable, Hashable {
    /// MSH-3.
    public let application: String
    /// MSH-4.
    public let facility: String
    /// Of its numbers (CX-4.1).
    public let namespace: String
    /// Of its numbers (CX-4.2).
    public let finess: String

    /// Nil if the hospital sends no messages.
    public init?(of hospital: Hospital) {
        guard let sender = hospital.senders.first else { return nil }
        application = sender.application
        facility = sender.facility
        finess = hospital.finess.value
        namespace = hospital.authorities.first { $0 != hospital.finess.value } ?? sender.facility
    }
}
