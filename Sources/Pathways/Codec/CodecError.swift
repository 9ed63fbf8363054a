/// An event's body cannot be read: where in the body, and what is wrong. Never holds a value of the body.
public struct CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let problem: String

    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    public var description: String { "\(path) \(problem)" }
}
