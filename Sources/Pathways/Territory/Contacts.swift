/// Where a professional is told things, as the directory has it.
public struct Contacts: Hashable, Sendable {
    /// Secure mail.
    public let mssante: String?
    public let email: String?
    /// E.164.
    public let mobile: String?
    /// Of the software of their practice.
    public let webhook: String?

    public init(mssante: String? = nil, email: String? = nil, mobile: String? = nil, webhook: String? = nil) {
        self.mssante = mssante
        self.email = email
        self.mobile = mobile
        self.webhook = webhook
    }

    public static let none = Contacts()

    /// In the order in which they are tried for somebody who said nothing.
    public var channels: [ChannelAddress] {
        [(ChannelKind.mssante, mssante), (.email, email), (.sms, mobile), (.webhook, webhook)].compactMap { kind, address in
            address.map { ChannelAddress(kind: kind, address: $0) }
        }
    }
}
