/// Brings the body of a released event type to the shape of the next one: a pure function on JSON, so that it needs no type of yesterday.
public struct EventUpcaster: Sendable {
    /// The type it reads, such as `fr.relais.pathway.follow-up-noted.v1`.
    public let from: String
    /// The type it makes.
    public let to: String
    let upcast: @Sendable (JSONValue) throws(CodecError) -> JSONValue

    public init(from: String, to: String, _ upcast: @escaping @Sendable (JSONValue) throws(CodecError) -> JSONValue) {
        self.from = from
        self.to = to
        self.upcast = upcast
    }
}
