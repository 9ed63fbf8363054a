import Pathways

/// What the territory has agreed with each partner that it speaks with through Kafka: a JSON file, `{"partners": [{…}]}`. Nobody who is not named
/// is told anything or may ask for anything.
public struct PartnerPolicy: Sendable, Hashable {
    /// One partner. Everything but the id may be left out, and is then not granted.
    public struct Partner: Sendable, Hashable {
        /// In the names of its topics: 1 to 64 of a–z, 0–9 and hyphen.
        public let id: String
        /// `territories`: codes of those that it is a partner of; all that are served if left out.
        public var territories: [String]?
        /// `feed`: RPPS of the professionals whose news it gets.
        public var feed: [String] = []
        /// `templates`: names of the kinds of news that it gets; all if left out.
        public var templates: [String]?
        /// `actors`: RPPS of the professionals in whose name it may act.
        public var actors: [String] = []
        /// `facilities`: names of hospitals as MSH-4 has them, or their FINESS, of whose movements it may tell.
        public var facilities: [String] = []
        /// `secretFile`: where the secret is that its commands are signed with (Standard Webhooks); against the policy's own folder.
        public var secretFile: String?
        /// `unsigned`: that rights on the topic alone say who sent a command. It must be said, or a secret named, by who may send.
        public var isUnsigned = false

        public init(id: String) { self.id = id }

        /// Whether it may ask for anything.
        public var sends: Bool { !actors.isEmpty || !facilities.isEmpty }
    }

    public let partners: [Partner]

    public init(_ partners: [Partner] = []) { self.partners = partners }

    /// - Throws: ``Fault`` naming the first thing that cannot be so.
    public init(json: [UInt8]) throws(Fault) {
        let document: JSONValue
        do {
            document = try JSONValue(json)
        } catch {
            throw Fault(description: "is no JSON: \(error)")
        }
        try Self.check(document, members: ["partners"], of: "the file")
        guard case .array(let entries)? = document["partners"] else { throw Fault(description: "partners must be a list") }
        var partners: [Partner] = []
        for entry in entries {
            let partner = try Self.partner(entry)
            guard !partners.contains(where: { $0.id == partner.id }) else { throw Fault(description: "partner \(partner.id) is named twice") }
            partners.append(partner)
        }
        self.init(partners)
    }

    /// What is wrong with a file, in words for who wrote it.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Those that a territory has.
    public func partners(of territory: String) -> [Partner] {
        partners.filter { $0.territories?.contains(territory) ?? true }
    }

    // MARK: - Reading

    private static let members: Set<String> = [
        "id", "territories", "feed", "templates", "actors", "facilities", "secretFile", "unsigned",
    ]

    private static func partner(_ entry: JSONValue) throws(Fault) -> Partner {
        guard case .string(let id)? = entry["id"], isCode(id) else {
            throw Fault(description: "a partner needs an id of 1 to 64 characters of a–z, 0–9 and hyphen")
        }
        try check(entry, members: members, of: "partner \(id)")
        var partner = Partner(id: id)
        partner.territories = try words("territories", of: entry, id)
        partner.feed = try professionals("feed", of: entry, id)
        partner.templates = try words("templates", of: entry, id)
        partner.actors = try professionals("actors", of: entry, id)
        partner.facilities = try words("facilities", of: entry, id) ?? []
        switch entry["secretFile"] {
        case .string(let path)? where !path.isEmpty: partner.secretFile = path
        case nil: break
        default: throw Fault(description: "partner \(id): secretFile must be a path")
        }
        switch entry["unsigned"] {
        case .bool(let says)?: partner.isUnsigned = says
        case nil: break
        default: throw Fault(description: "partner \(id): unsigned must be true or false")
        }
        guard partner.sends == (partner.secretFile != nil || partner.isUnsigned), partner.secretFile == nil || !partner.isUnsigned else {
            throw Fault(
                description: "partner \(id): who may send (actors, facilities) needs either secretFile or \"unsigned\": true, and nobody else does"
            )
        }
        return partner
    }

    private static func check(_ value: JSONValue, members: Set<String>, of what: String) throws(Fault) {
        guard case .object(let found) = value else { throw Fault(description: "\(what) must be an object") }
        for member in found where !members.contains(member.name) {
            throw Fault(description: "\(what): there is no setting \(member.name); there are \(members.sorted().joined(separator: ", "))")
        }
        guard Set(found.map(\.name)).count == found.count else { throw Fault(description: "\(what) says something twice") }
    }

    private static func words(_ name: String, of entry: JSONValue, _ id: String) throws(Fault) -> [String]? {
        guard let value = entry[name] else { return nil }
        guard case .array(let elements) = value else { throw Fault(description: "partner \(id): \(name) must be a list") }
        var words: [String] = []
        for element in elements {
            guard case .string(let word) = element, !word.isEmpty else { throw Fault(description: "partner \(id): \(name) must hold texts only") }
            words.append(word)
        }
        return words
    }

    private static func professionals(_ name: String, of entry: JSONValue, _ id: String) throws(Fault) -> [String] {
        try words(name, of: entry, id)?.map { (word) throws(Fault) -> String in
            guard let rpps = try? RPPS(word) else { throw Fault(description: "partner \(id): \(name): \(word) is no RPPS") }
            return rpps.value
        } ?? []
    }

    private static func isCode(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
