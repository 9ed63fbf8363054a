/// A way to reach a person, by the word that preferences, facts and configuration use.
public struct ChannelName: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
}

extension ChannelName {
    /// Secure health mail: named recipient, identity allowed.
    public static let mssante = ChannelName(rawValue: "mssante")
    /// Ordinary e-mail: no identity, no health data.
    public static let email = ChannelName(rawValue: "email")
    /// Text message through an HTTP gateway: no identity, no health data.
    public static let sms = ChannelName(rawValue: "sms")
    /// Signed HTTP call to the recipient's own software (Standard Webhooks).
    public static let webhook = ChannelName(rawValue: "webhook")
    /// Files in a folder, for training and dry runs.
    public static let sandbox = ChannelName(rawValue: "sandbox")
}
