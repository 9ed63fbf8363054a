/// Message type (MSH-9, type MSG): `ADT^A03^ADT_A03`.
public struct MSG: Sendable, Hashable {
    /// MSG.1: `ADT`, `ACK`.
    public let code: String?
    /// MSG.2, the trigger event: `A03`.
    public let event: String?
    /// MSG.3, the structure: `ADT_A03`.
    public let structure: String?

    public init(code: String?, event: String?, structure: String?) {
        self.code = code
        self.event = event
        self.structure = structure
    }

    public init(_ repetition: Repetition) {
        self.init(code: repetition.component(1).text, event: repetition.component(2).text, structure: repetition.component(3).text)
    }
}
