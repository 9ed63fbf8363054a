/// Builds a territory's hospitals and their units.
struct HospitalReader {
    private let root: MappingReader
    private let people: People

    init(_ root: MappingReader, people: People) {
        self.root = root
        self.people = people
    }

    func read() -> [Hospital] {
        var numbers: Set<String> = []
        var authorities: Set<String> = []
        var senders: Set<HL7Sender> = []
        return root.mappings("hospitals", keys: ["finess", "name", "authorities", "senders", "units"], atMost: 200).compactMap { reader in
            let finess = reader.identifier("finess") { text throws(IdentifierError) in try FINESS(text) }
            let name = reader.text("name", limit: 120)
            guard let finess, let name else { return nil }
            reader.requireNew(finess.value, key: "finess", among: &numbers)
            return Hospital(
                finess: finess,
                name: name,
                authorities: self.authorities(in: reader, among: &authorities),
                senders: self.senders(in: reader, among: &senders),
                units: units(in: reader)
            )
        }
    }

    private func authorities(in reader: MappingReader, among seen: inout Set<String>) -> [String] {
        let authorities = reader.texts("authorities", atMost: 50)
        if authorities.isEmpty {
            reader.report("authorities", "a hospital has at least one assigning authority", write: "the namespaces and OIDs its HL7 numbers carry")
        }
        for (authority, place) in authorities where !seen.insert(authority).inserted {
            reader.problems.report(
                "« \(authority) » is already an authority above",
                write: "another one",
                at: place,
                path: reader.path("authorities")
            )
        }
        return authorities.map(\.value)
    }

    private func senders(in reader: MappingReader, among seen: inout Set<HL7Sender>) -> [HL7Sender] {
        reader.mappings("senders", keys: ["application", "facility"], atMost: 50).compactMap { mapping in
            guard let application = mapping.text("application", limit: 180), let facility = mapping.text("facility", limit: 180) else { return nil }
            let sender = HL7Sender(application: application, facility: facility)
            if !seen.insert(sender).inserted { mapping.report("application", "this sender is already written above", write: "another one") }
            return sender
        }
    }

    private func units(in reader: MappingReader) -> [MedicalUnit] {
        var codes: Set<String> = []
        return reader.mappings("units", keys: ["code", "name", "contact", "protocols"], atMost: 1_000).compactMap { mapping in
            let code = mapping.text("code", limit: 20)
            let name = mapping.text("name", limit: 120)
            let contact = mapping.optionalIdentifier("contact") { text throws(IdentifierError) in try RPPS(text) }
            guard let code, let name else { return nil }
            mapping.requireNew(code, key: "code", among: &codes)
            if let contact, people[contact]?.role != .dischargingUnit {
                mapping.report("contact", "no professional has this RPPS and the role discharging-unit", write: "that of a doctor of the unit")
            }
            return MedicalUnit(code: code, name: name, contact: contact, protocols: protocols(in: mapping))
        }
    }

    private func protocols(in reader: MappingReader) -> [String] {
        reader.texts("protocols", atMost: 20).compactMap { text, place in
            guard Slug.make(text) != nil else {
                reader.problems.report("« \(text) » is not the id of a protocol", write: Slug.expected, at: place, path: reader.path("protocols"))
                return nil
            }
            return text
        }
    }
}
