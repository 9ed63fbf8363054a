/// What one partner may ask for, and how it is known.
public struct PartnerRights: Sendable {
    public let id: String
    /// RPPS of those in whose name it may act.
    public let actors: Set<String>
    /// Names or FINESS of the hospitals of whose movements it may tell.
    public let facilities: Set<String>
    /// Whether a signature is this partner's over these bytes; nil if rights on the topic alone say who wrote a record.
    public let verify: (@Sendable (_ signature: PartnerRecord.Signature, _ value: [UInt8]) -> Bool)?

    public init(
        _ partner: PartnerPolicy.Partner,
        verify: (@Sendable (_ signature: PartnerRecord.Signature, _ value: [UInt8]) -> Bool)?
    ) {
        id = partner.id
        actors = Set(partner.actors)
        facilities = Set(partner.facilities)
        self.verify = verify
    }
}
