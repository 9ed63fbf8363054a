/// What a partner is answered: what HTTP would have answered, or why it was not even asked.
public struct PartnerAnswer: Sendable, Hashable {
    public var status: Int
    /// By names in lower case.
    public var headers: [String: String]
    public var body: [UInt8]
    /// Who sent it; nil as long as that is not known for certain.
    public var partner: String?
    /// Trouble of ours: nothing was recorded, and asking again may help.
    public var isUnavailable: Bool

    init(status: Int, headers: [String: String], body: [UInt8], partner: String? = nil, isUnavailable: Bool = false) {
        self.status = status
        self.headers = headers
        self.body = body
        self.partner = partner
        self.isUnavailable = isUnavailable
    }
}
