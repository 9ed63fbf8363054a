/// What is wrong with a channel's settings, told when the channel is made and not at the first message.
public enum ChannelConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The setting cannot have this form.
    case invalid(setting: String, expected: String)
    /// A password would travel unencrypted.
    case credentialsInClear

    public var description: String {
        switch self {
        case .invalid(let setting, let expected): "\(setting): expected \(expected)"
        case .credentialsInClear: "credentials are given, but the connection is not encrypted"
        }
    }
}
