import Foundation

/// Builds a site profile from its document; what is wrong goes to the reader's `problems`.
struct SiteProfileReader {
    static let keys = [
        "id", "version", "title", "date", "senders", "charset", "timeZone", "account", "zbe", "reinsert", "shifts", "authorities", "dispositions",
    ]
    /// The names of table 0211 that a feed can be decoded from.
    static let charsets = ["ASCII", "8859/1", "8859/15", "UNICODE UTF-8"]

    private let root: MappingReader

    init(_ root: MappingReader) {
        self.root = root
    }

    /// `nil` only when a problem was reported; a value may come with problems too, and is then of no use.
    func read() -> SiteProfileFile? {
        let id = root.value("id", Slug.expected, make: Slug.make)
        let version = root.integer("version", in: 1...1_000_000)
        // Both are for people: the event keeps the whole file.
        _ = root.text("title", limit: 120)
        _ = root.value("date", ISODate.expectedDay, make: ISODate.day)
        let senders = senders()
        let charset = root.optionalValue("charset", "one of \(Self.charsets.joined(separator: ", "))") { Self.charsets.contains($0) ? $0 : nil }
        let zone = root.optionalValue("timeZone", "an IANA name, as Europe/Paris") { Self.zone($0) }
        let account = root.optionalValue("account", "required, optional or is-visit", make: Self.account)
        let zbe = root.optionalValue("zbe", "strict or lenient") { ["strict": false, "lenient": true][$0] }
        let reinsert = root.optionalValue("reinsert", "refuse or update") { ["refuse": false, "update": true][$0] }
        let profile = SiteProfile(
            charset: charset,
            timeZone: zone,
            account: account ?? .required,
            isZBELenient: zbe ?? false,
            reinsertsUpdate: reinsert ?? false,
            shifts: shifts(),
            authorities: authorities(),
            dispositions: dispositions()
        )
        guard let id, let version else { return nil }
        return SiteProfileFile(id: id, version: version, senders: senders, profile: profile)
    }

    private static func zone(_ name: String) -> TimeZone? {
        // Abbreviations (CET) have no summer, and Foundation takes them.
        name.contains("/") || name == "UTC" ? TimeZone(identifier: name) : nil
    }

    private static func account(_ word: String) -> SiteProfile.Account? {
        switch word {
        case "required": .required
        case "optional": .optional
        case "is-visit": .isVisit
        default: nil
        }
    }

    private func senders() -> [SenderPattern] {
        var seen: Set<SenderPattern> = []
        return root.mappings("senders", keys: ["application", "facility"], atLeast: 1, atMost: 50).compactMap { reader in
            let pattern = SenderPattern(
                application: reader.optionalText("application", limit: 180),
                facility: reader.optionalText("facility", limit: 180)
            )
            guard pattern.precision > 0 else {
                reader.problems.report(
                    "a sender without application and facility is everybody",
                    write: "facility (MSH-4), application (MSH-3), or both",
                    at: reader.place,
                    path: reader.path
                )
                return nil
            }
            if !seen.insert(pattern).inserted {
                reader.problems.report("this sender is already written above", write: "another one", at: reader.place, path: reader.path)
            }
            return pattern
        }
    }

    private func shifts() -> [SiteProfile.Shift] {
        var segments: Set<String> = []
        return root.mappings("shifts", keys: ["segment", "field", "by"], atMost: 20).compactMap { reader in
            let segment = reader.value("segment", "three capitals or digits, as ZBE", make: Self.segment)
            let field = reader.integer("field", in: 1...99)
            let by = reader.integer("by", in: 1...9)
            guard let segment, let field, let by else { return nil }
            // Where two shifts of one segment begin is another matter after the first.
            reader.requireNew(segment, key: "segment", among: &segments)
            return SiteProfile.Shift(segment: segment, field: field, by: by)
        }
    }

    /// MSH says how to read everything else: it cannot be shifted.
    private static func segment(_ text: String) -> String? {
        let isName = text.utf8.count == 3 && text.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
        return isName && text != "MSH" ? text : nil
    }

    private func authorities() -> [String: String] {
        var written: Set<String> = []
        var names: [String: String] = [:]
        for reader in root.mappings("authorities", keys: ["written", "kept"], atMost: 50) {
            guard let name = reader.text("written", limit: 180), let kept = reader.text("kept", limit: 180) else { continue }
            reader.requireNew(name, key: "written", among: &written)
            names[name] = kept
        }
        for (name, kept) in names.sorted(by: { $0.key < $1.key }) where names[kept].map({ $0 != kept }) == true {
            root.report("authorities", "« \(name) » is kept as « \(kept) », which is kept as another", write: "the last name for both")
        }
        return names
    }

    private func dispositions() -> [String: DischargeDestination] {
        var codes: Set<String> = []
        var destinations: [String: DischargeDestination] = [:]
        for reader in root.mappings("dispositions", keys: ["code", "destination"], atMost: 200) {
            let code = reader.text("code", limit: 20)
            let destination = reader.value("destination", DischargeDestination.expected, make: DischargeDestination.init(fileWord:))
            guard let code, let destination else { continue }
            reader.requireNew(code, key: "code", among: &codes)
            destinations[code] = destination
        }
        return destinations
    }
}

extension DischargeDestination {
    fileprivate static let expected = allCases.map(\.fileWord).joined(separator: ", ")

    /// Words of files are written with hyphens.
    private var fileWord: String { self == .againstAdvice ? "against-advice" : rawValue }

    fileprivate init?(fileWord: String) {
        guard let found = Self.allCases.first(where: { $0.fileWord == fileWord }) else { return nil }
        self = found
    }
}
