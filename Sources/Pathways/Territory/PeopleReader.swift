internal import Foundation
internal import Timekeeping

/// Builds a territory's professionals and their absences.
struct PeopleReader {
    private let root: MappingReader
    private let places: Places
    private let mssanteDomains: [String]
    private let days: LocalDays

    init(_ root: MappingReader, places: Places, mssanteDomains: [String], timeZone: TimeZone) {
        self.root = root
        self.places = places
        self.mssanteDomains = mssanteDomains
        days = LocalDays(timeZone)
    }

    func read() -> People {
        let keys = ["rpps", "family", "given", "role", "communes", "phone", "contacts", "absences"]
        var numbers: Set<String> = []
        var absent: [(professional: Professional, reader: MappingReader)] = []
        let professionals = root.mappings("professionals", keys: keys, atLeast: 1, atMost: 20_000).compactMap { reader -> Professional? in
            let rpps = reader.identifier("rpps") { text throws(IdentifierError) in try RPPS(text) }
            let family = reader.text("family", limit: 80)
            let given = reader.text("given", limit: 80)
            let role = CareRole.read("role", in: reader)
            guard let rpps, let family, let given, let role else { return nil }
            reader.requireNew(rpps.value, key: "rpps", among: &numbers)
            let professional = Professional(
                rpps: rpps,
                family: family,
                given: given,
                role: role,
                communes: places.read("communes", in: reader),
                phone: reader.optionalText("phone", limit: 30),
                contacts: contacts(in: reader),
                absences: absences(in: reader)
            )
            if !professional.absences.isEmpty { absent.append((professional, reader)) }
            return professional
        }
        let people = People(professionals)
        for (professional, reader) in absent { checkReplacements(of: professional, among: people, reader) }
        return people
    }

    private func contacts(in reader: MappingReader) -> Contacts {
        guard reader.has("contacts"), let mapping = reader.mapping("contacts", keys: ["mssante", "email", "mobile", "webhook"]) else { return .none }
        let mssante = mapping.optionalValue("mssante", MailAddress.expected, limit: 254, make: MailAddress.normalised)
        if let mssante, !Territory.allows(mssante, in: mssanteDomains) {
            mapping.report("mssante", "secure mail may not go to this domain", write: "an address in one of the territory's mssanteDomains")
        }
        return Contacts(
            mssante: mssante,
            email: mapping.optionalValue("email", MailAddress.expected, limit: 254, make: MailAddress.normalised),
            mobile: mapping.optionalValue("mobile", MobileNumber.expected, make: MobileNumber.normalised),
            webhook: mapping.optionalValue("webhook", WebhookAddress.expected, limit: WebhookAddress.limit, make: WebhookAddress.normalised)
        )
    }

    // MARK: - Absences

    private func absences(in reader: MappingReader) -> [Absence] {
        var absences: [Absence] = []
        for mapping in reader.mappings("absences", keys: ["from", "to", "replacement"], atMost: 200) {
            let from = moment("from", in: mapping, isEnd: false)
            let to = moment("to", in: mapping, isEnd: true)
            let replacement = mapping.optionalIdentifier("replacement") { text throws(IdentifierError) in try RPPS(text) }
            guard let from, let to else { continue }
            guard from < to else {
                mapping.report("to", "the absence ends before it begins", write: "a day or an instant after from")
                continue
            }
            if absences.contains(where: { $0.from < to && from < $0.to }) {
                mapping.report("from", "the absence overlaps another one of the same professional", write: "a single absence for both, or other days")
            }
            absences.append(Absence(from: from, to: to, replacement: replacement))
        }
        return absences
    }

    /// A day stands for its start, or as an end for the start of the next one: the last day of an absence is away too.
    private func moment(_ key: String, in reader: MappingReader, isEnd: Bool) -> Instant? {
        reader.value(key, "a day as 2026-12-24, or an instant with its offset as 2026-12-24T12:00:00+01:00") { text in
            guard let day = CivilDate(iso8601: text) else { return Instant(rfc3339: text) }
            return days.start(ofDay: day.daysSinceEpoch + (isEnd ? 1 : 0))
        }
    }

    private func checkReplacements(of professional: Professional, among people: People, _ reader: MappingReader) {
        for absence in professional.absences {
            guard let replacement = absence.replacement else { continue }
            if replacement == professional.rpps || people[replacement]?.role != professional.role {
                reader.report(
                    "absences",
                    "the replacement \(replacement) is not another professional with the role \(professional.role)",
                    write: "the RPPS of one, or no replacement"
                )
            }
        }
    }
}
