/// A caller sent another body under an idempotency key already used: refused, and recorded here.
public struct CommandKeyReused: EventBody {
    public static let type = "fr.relais.intake.command-key-reused.v1"
    public let scope: String
    /// HMAC-SHA-256 of the key under the territory's key, hexadecimal: a key is the caller's own text, and may be short.
    public let keyDigest: String

    public init(scope: String, keyDigest: String) {
        self.scope = scope
        self.keyDigest = keyDigest
    }

    public init(from json: JSONObject) throws(CodecError) {
        scope = try json.string("scope")
        keyDigest = try json.string("keyDigest")
    }

    public func write(to json: inout JSONWriter) {
        json.write("scope", scope)
        json.write("keyDigest", keyDigest)
    }
}
