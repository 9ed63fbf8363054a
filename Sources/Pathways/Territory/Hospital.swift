/// A hospital that sends patients home in the territory.
public struct Hospital: Sendable, Hashable {
    /// Of the site.
    public let finess: FINESS
    public let name: String
    /// The namespaces and universal ids under which its numbers travel in HL7 (CX-4, XON-6).
    public let authorities: [String]
    public let senders: [HL7Sender]
    public let units: [MedicalUnit]

    public init(finess: FINESS, name: String, authorities: [String], senders: [HL7Sender], units: [MedicalUnit]) {
        self.finess = finess
        self.name = name
        self.authorities = authorities
        self.senders = senders
        self.units = units
    }
}
