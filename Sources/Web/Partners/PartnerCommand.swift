import Pathways

/// A write of the API as a record holds it: `{"path": "/api/v1/…", "actor": "urn:rpps:…", "body": {…}}`. All of it is in the value, so that a
/// signature covers it.
struct PartnerCommand {
    static let contentType = "application/json"
    /// More than the largest body and what is around it.
    static let limit = WriteRequest.bodyLimit + 4 * 1_024

    let path: String
    /// RPPS.
    let actor: String
    let body: [UInt8]

    /// - Throws: `Problem` 400, 413.
    init(_ value: [UInt8]) throws(Problem) {
        guard value.count <= Self.limit else { throw .tooLarge }
        guard let document = try? JSONValue(value), case .object(let members) = document else {
            throw .unreadable("The value is no JSON object.")
        }
        guard Set(members.map(\.name)).isSubset(of: ["path", "actor", "body"]), Set(members.map(\.name)).count == members.count else {
            throw .unreadable("The value has path, actor and body, each once, and nothing else.")
        }
        guard case .string(let path)? = document["path"] else { throw .unreadable("path is missing, or no text.") }
        guard case .string(let actor)? = document["actor"] else { throw .unreadable("actor is missing, or no text.") }
        let number = actor.hasPrefix("urn:rpps:") ? String(actor.dropFirst("urn:rpps:".count)) : actor
        guard let rpps = try? RPPS(number) else { throw .unreadable("actor is no RPPS; write urn:rpps:….") }
        switch document["body"] {
        case .object(let members)?: body = JSONValue.object(members).bytes
        case nil: body = Array("{}".utf8)
        default: throw .unreadable("body is no object.")
        }
        self.path = path
        self.actor = rpps.value
    }

    /// What professionals and hospitals do about care, and nothing else of the API: no list, no erasure, no directory, no setting. `*` stands
    /// for one id.
    static let paths: [String] =
        ["accept", "decline", "complete", "note", "acknowledge", "solicit-again"].map { "follow-ups/*/\($0)" }
        + [
            "discharge-planned", "discharge", "home-return", "protocols", "alerts", "prescriptions/missing", "prescriptions/*/obtained", "prado",
            "prado/left", "refusals", "refusals/taken-back", "close", "reopen",
        ].map { "pathways/*/\($0)" }
        + ["pathways"]

    private static let patterns = paths.map { $0.split(separator: "/").map(String.init) }

    /// Whether the path is one of ``paths``.
    var isAllowed: Bool {
        guard path.hasPrefix("/api/v1/") else { return false }
        let parts = path.dropFirst("/api/v1/".count).split(separator: "/", omittingEmptySubsequences: false)
        return Self.patterns.contains { pattern in
            pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0 == "*" ? Self.isID($1) : $0 == $1 }
        }
    }

    /// Characters that mean nothing else in an address.
    private static func isID(_ text: Substring) -> Bool {
        (1...100).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
