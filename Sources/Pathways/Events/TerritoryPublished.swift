/// A territory file is in force from here on. Decisions and projections read only this, never the file.
public struct TerritoryPublished: EventBody {
    public static let type = "fr.relais.territory.territory-published.v1"
    public let territory: String
    /// SHA-256 of `content`, hexadecimal.
    public let digest: String
    /// The YAML file, whole.
    public let content: String

    public init(territory: String, digest: String, content: String) {
        self.territory = territory
        self.digest = digest
        self.content = content
    }

    public init(from json: JSONObject) throws(CodecError) {
        territory = try json.string("territory")
        digest = try json.string("digest")
        content = try json.string("content")
    }

    public func write(to json: inout JSONWriter) {
        json.write("territory", territory)
        json.write("digest", digest)
        json.write("content", content)
    }
}
