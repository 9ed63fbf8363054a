/// A name and a password. Printing or reflecting it does not show the password.
public struct Credentials: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public var name: String
    public var password: String

    public init(name: String, password: String) {
        self.name = name
        self.password = password
    }

    public var description: String { "Credentials(\(name))" }
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
