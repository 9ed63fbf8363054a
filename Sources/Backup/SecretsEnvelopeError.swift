/// Why an envelope could not be sealed or opened. Texts carry neither passphrase nor content.
public enum SecretsEnvelopeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Shorter than ``SecretsEnvelope/shortestPassphrase`` characters.
    case passphraseTooShort
    /// A name that is absolute, empty, leaves its directory or occurs twice.
    case invalidName(String)
    /// Not an envelope at all, or one cut off.
    case notAnEnvelope
    /// Written by a later release.
    case unknownVersion(Int)
    /// The file asks for a key derivation that is weaker or costlier than any envelope of ours.
    case unacceptableCost
    /// The passphrase is not the one it was sealed under (or the file's header was changed).
    case wrongPassphrase
    /// The passphrase is right, the content is not what was sealed.
    case damaged
    /// The machine could not derive the key, for lack of memory.
    case keyDerivationFailed

    public var description: String {
        switch self {
        case .passphraseTooShort: "The passphrase has fewer than \(SecretsEnvelope.shortestPassphrase) characters: choose a longer one."
        case .invalidName(let name): "The file name \(name) is not a path within the data directory, or is there twice."
        case .notAnEnvelope: "The file is not an envelope of secrets, or only part of one: check the path, take another copy."
        case .unknownVersion(let version): "The envelope has version \(version): use a later release."
        case .unacceptableCost: "The envelope's key derivation is outside the accepted limits: take another copy."
        case .wrongPassphrase: "The passphrase is not the one of this envelope: try again, or check which envelope it belongs to."
        case .damaged: "The passphrase is right, but the envelope's content was changed: take another copy."
        case .keyDerivationFailed: "The key could not be derived from the passphrase: check the machine's memory."
        }
    }
}
