internal import Foundation

/// Builds a territory from its document; what is wrong goes to the reader's `problems`.
struct TerritoryReader {
    static let keys = [
        "id", "name", "timeZone", "version", "referent", "exclusivePostalCodes", "quietHours", "holidays", "mssanteDomains", "communes",
        "professionals", "teams", "hospitals",
    ]

    private let root: MappingReader

    init(_ root: MappingReader) {
        self.root = root
    }

    /// `nil` only when a problem was reported; a value may come with problems too, and is then of no use.
    func read() -> Territory? {
        let id = root.value("id", Slug.expected, make: Slug.make)
        let name = root.text("name", limit: 120)
        let timeZone = root.value("timeZone", "a zone of the IANA database, as Europe/Paris", make: TimeZone.init(identifier:))
        let version = root.integer("version", in: 1...1_000_000)
        let communes = communes()
        let places = Places(codes: Set(communes.map(\.code)), ordered: communes.map(\.code))
        let mssanteDomains = mssanteDomains()
        let people = PeopleReader(root, places: places, mssanteDomains: mssanteDomains, timeZone: timeZone ?? .gmt).read()
        let teams = teams(places: places, people: people)
        let hospitals = HospitalReader(root, people: people).read()
        let referent = referent(people: people)
        let exclusivePostalCodes = exclusivePostalCodes(of: communes)
        let quietHours = quietHours()
        let holidays = root.optionalValue("holidays", Holidays.expected, make: Holidays.init(rawValue:))
        guard let id, let name, let timeZone, let version, let referent else { return nil }
        return Territory(
            id: id,
            name: name,
            timeZone: timeZone.identifier,
            version: version,
            referent: referent,
            exclusivePostalCodes: exclusivePostalCodes,
            communes: communes,
            professionals: Array(people.values),
            teams: teams,
            hospitals: hospitals,
            quietHours: quietHours,
            holidays: holidays ?? .french,
            mssanteDomains: mssanteDomains
        )
    }

    private func quietHours() -> QuietHours? {
        guard root.has("quietHours"), let reader = root.mapping("quietHours", keys: ["from", "to"]) else { return nil }
        let from = reader.value("from", QuietHours.expectedTime, make: QuietHours.minute)
        let to = reader.value("to", QuietHours.expectedTime, make: QuietHours.minute)
        guard let from, let to else { return nil }
        guard from != to else {
            reader.report("to", "the quiet hours end when they begin", write: "another time than from, or no quietHours")
            return nil
        }
        return QuietHours(from: from, to: to)
    }

    private func mssanteDomains() -> [String] {
        root.texts("mssanteDomains", atMost: 1_000).compactMap { text, place in
            guard MailAddress.isHost(text), text == text.lowercased() else {
                root.problems.report(
                    "« \(text.prefix(60)) » is not the domain of mail addresses",
                    write: "what stands after the @, in small letters",
                    at: place,
                    path: root.path("mssanteDomains")
                )
                return nil
            }
            return text
        }
    }

    // MARK: - Parts

    private func communes() -> [Commune] {
        let keys = ["code", "name", "nameVariants", "postalCodes", "population", "latitude", "longitude"]
        var codes: Set<String> = []
        return root.mappings("communes", keys: keys, atLeast: 1, atMost: 2_000).compactMap { reader in
            let code = reader.identifier("code") { text throws(IdentifierError) in try CommuneCode(text) }
            let name = reader.text("name", limit: 80)
            let postalCodes = Self.postalCodes("postalCodes", in: reader)
            if postalCodes.isEmpty { reader.report("postalCodes", "a commune has at least one postal code", write: "a list as [\"85300\"]") }
            let population = reader.integer("population", in: 0...10_000_000)
            guard let code, let name, let population else { return nil }
            reader.requireNew(code.value, key: "code", among: &codes)
            return Commune(
                code: code,
                name: name,
                nameVariants: reader.texts("nameVariants", atMost: 50).map(\.value),
                postalCodes: postalCodes,
                population: population,
                latitude: reader.optionalNumber("latitude", in: -90...90),
                longitude: reader.optionalNumber("longitude", in: -180...180)
            )
        }
    }

    private func teams(places: Places, people: People) -> [Team] {
        var ids: Set<String> = []
        return root.mappings("teams", keys: ["id", "name", "role", "members", "communes"], atMost: 1_000).compactMap { reader in
            let id = reader.value("id", Slug.expected, make: Slug.make)
            let name = reader.text("name", limit: 120)
            let role = CareRole.read("role", in: reader)
            let members = reader.identifiers("members") { text throws(IdentifierError) in try RPPS(text) }
            guard let id, let name, let role else { return nil }
            reader.requireNew(id, among: &ids)
            if members.isEmpty { reader.report("members", "a team has at least one member", write: "a list of RPPS") }
            var seen: Set<RPPS> = []
            for (rpps, place) in members where people[rpps]?.role != role || !seen.insert(rpps).inserted {
                reader.problems.report(
                    "\(rpps) is not one of the professionals with the role \(role), or is written twice",
                    write: "the RPPS of another one",
                    at: place,
                    path: reader.path("members")
                )
            }
            return Team(id: id, name: name, role: role, members: members.map(\.value), communes: places.read("communes", in: reader))
        }
    }

    private func referent(people: People) -> Referent? {
        guard let reader = root.mapping("referent", keys: ["rpps", "name", "phone"]) else { return nil }
        let rpps = reader.identifier("rpps") { text throws(IdentifierError) in try RPPS(text) }
        let name = reader.text("name", limit: 120)
        let phone = reader.optionalText("phone", limit: 30)
        guard let rpps, let name else { return nil }
        if people[rpps]?.role != .referent {
            reader.report("rpps", "no professional has this RPPS and the role referent", write: "that of one, or add the référent to professionals")
        }
        return Referent(rpps: rpps, name: name, phone: phone)
    }

    private func exclusivePostalCodes(of communes: [Commune]) -> [String] {
        let codes = Self.postalCodes("exclusivePostalCodes", in: root)
        for code in codes where !communes.contains(where: { $0.postalCodes.contains(code) }) {
            root.report("exclusivePostalCodes", "« \(code) » is the postal code of none of the communes", write: "only codes of the communes below")
        }
        return codes
    }

    private static func postalCodes(_ key: String, in reader: MappingReader) -> [String] {
        reader.texts(key, atMost: 200).compactMap { text, place in
            guard text.utf8.count == 5, text.utf8.allSatisfy(IdentifierText.isDigit) else {
                reader.problems.report(
                    "« \(text.prefix(20)) » is not a postal code",
                    write: "five digits between quotes",
                    at: place,
                    path: reader.path(key)
                )
                return nil
            }
            return text
        }
    }
}
