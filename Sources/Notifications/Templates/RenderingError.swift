/// Why a message cannot be rendered, however often it is tried.
public enum RenderingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The texts have none for a template: they are of another release than the outbox.
    case noWords(template: String)
    /// The log has no such event up to the message's position.
    case eventMissing(id: String)
    /// No stream can be called so.
    case notAStream(String)

    public var description: String {
        switch self {
        case .noWords(let template): "the template \(template) has no words"
        case .eventMissing(let id): "the log has no event \(id) up to the message's position"
        case .notAStream(let name): "« \(name.prefix(40)) » names no stream"
        }
    }
}
