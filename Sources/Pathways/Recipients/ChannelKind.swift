/// A way in which a message reaches somebody. The raw value is the word in the log and in keys.
public enum ChannelKind: String, Hashable, Sendable, CaseIterable {
    /// Secure mail between health professionals: the only mail that may hold a name.
    case mssante
    /// Ordinary mail: how many news there are, and a link.
    case email
    /// As ``email``, to a mobile telephone.
    case sms
    /// The software of a practice or a pharmacy.
    case webhook
    /// The person's own list: always on, whatever else they chose.
    case inapp
    /// Written to files, for training.
    case sandbox

    /// Whether it needs an address; the others know their person.
    public var hasAddress: Bool {
        switch self {
        case .mssante, .email, .sms, .webhook: true
        case .inapp, .sandbox: false
        }
    }
}
