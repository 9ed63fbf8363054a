/// A follow-up protocol is in force from here on, in place of an earlier version of the same id.
public struct ProtocolPublished: EventBody {
    public static let type = "fr.relais.territory.protocol-published.v1"
    public let protocolID: String
    public let version: Int
    /// SHA-256 of `content`, hexadecimal.
    public let digest: String
    /// The YAML file, whole.
    public let content: String

    public init(protocolID: String, version: Int, digest: String, content: String) {
        self.protocolID = protocolID
        self.version = version
        self.digest = digest
        self.content = content
    }

    public init(from json: JSONObject) throws(CodecError) {
        protocolID = try json.string("protocol")
        version = try json.int("version")
        digest = try json.string("digest")
        content = try json.string("content")
    }

    public func write(to json: inout JSONWriter) {
        json.write("protocol", protocolID)
        json.write("version", version)
        json.write("digest", digest)
        json.write("content", content)
    }
}
