/// How one sender departs from the rules, in force from here on.
public struct SiteProfilePublished: EventBody {
    public static let type = "fr.relais.territory.site-profile-published.v1"
    /// Id of the profile.
    public let profile: String
    public let version: Int
    /// SHA-256 of `content`, hexadecimal.
    public let digest: String
    /// The YAML file, whole.
    public let content: String

    public init(profile: String, version: Int, digest: String, content: String) {
        self.profile = profile
        self.version = version
        self.digest = digest
        self.content = content
    }

    public init(from json: JSONObject) throws(CodecError) {
        profile = try json.string("profile")
        version = try json.int("version")
        digest = try json.string("digest")
        content = try json.string("content")
    }

    public func write(to json: inout JSONWriter) {
        json.write("profile", profile)
        json.write("version", version)
        json.write("digest", digest)
        json.write("content", content)
    }
}
