/// A patient by their local number, and the stream that holds them: the link that a follower of the log walks.
public struct PatientLink: Hashable, Sendable {
    /// PID-3 of type `PI`.
    public let identifier: LocalIdentifier
    /// Stream id, hexadecimal.
    public let stream: String

    public init(identifier: LocalIdentifier, stream: String) {
        self.identifier = identifier
        self.stream = stream
    }

    init(from json: JSONObject) throws(CodecError) {
        identifier = try LocalIdentifier(from: try json.object("identifier"))
        stream = try json.string("stream")
    }

    func write(to json: inout JSONWriter) {
        json.write("identifier", object: identifier.write)
        json.write("stream", stream)
    }
}
