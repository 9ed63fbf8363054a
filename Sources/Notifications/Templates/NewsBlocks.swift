import Pathways

/// Finds out who a pathway is about, as far as a recipient may know.
struct NewsBlocks {
    let past: any LogPast
    let position: Int64
    let territory: Territory?
    let words: TemplateBook.Secure

    func block(of pathway: Pathway, stream: String, isNamed: Bool) throws -> NewsBlock {
        guard let patient = pathway.reference?.patientStream else {
            return NewsBlock(key: "\(stream) \(isNamed)", heading: words.unknown.filled([:]), place: nil)
        }
        let identity = try past.patient(patient, at: position).identity
        var values: [TemplatePlaceholder: String] = [:]
        values[.commune] = identity?.address.flatMap(commune)
        if !isNamed { return NewsBlock(key: stream, heading: words.unnamed.filled(values), place: nil) }
        let person = try PatientLinks { (stream) throws(any Error) in try past.patient(stream, at: position) }.person(of: patient)
        // What one opposes is told no more from then on, in repeats neither: the one thing beside an erasure that changes them.
        let opposed = try person.contains { try past.patient($0, at: position).isOpposed || past.patient($0, at: .max).isOpposed }
        let place = place(of: pathway)
        let key = "\(person.first ?? patient) \(isNamed)"
        if opposed { return NewsBlock(key: key, heading: words.masked.filled(values), place: place) }
        let name = identity.flatMap(Self.name) ?? words.unknown.filled(values)
        let heading = [name, identity.flatMap(Self.birth), identity.flatMap(Self.name) == nil ? nil : values[.commune]]
        return NewsBlock(key: key, heading: heading.compactMap { $0 }.joined(separator: ", "), place: place)
    }

    /// The name as pages show it: used name, else birth name, then given name.
    private static func name(_ identity: PatientIdentity) -> String? {
        let used = identity.usedFamilyName.flatMap { $0.isEmpty ? nil : $0 }
        let name = QuotedText.oneLine([used ?? identity.birthFamilyName, identity.givenName].compactMap { $0 }.joined(separator: " "))
        return name.isEmpty ? nil : name
    }

    /// « née en 1948 »: enough to tell two people of one name apart, and no more than that.
    private static func birth(_ identity: PatientIdentity) -> String? {
        guard let year = identity.birthDate?.prefix(4), year.utf8.count == 4, year.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let born = identity.sex == "F" ? "née" : identity.sex == "M" ? "né" : "né·e"
        return "\(born) en \(year)"
    }

    private func commune(_ address: PatientAddress) -> String? {
        if case .resolved(let commune, _) = territory?.resolve(cog: address.cog, postalCode: address.postalCode, city: address.city) {
            return QuotedText.oneLine(commune.name)
        }
        let city = address.city.map(QuotedText.oneLine)
        return city?.isEmpty == true ? nil : city
    }

    private func place(of pathway: Pathway) -> String? {
        let unit = pathway.stay.unit.flatMap { unit in
            unit.label ?? unit.authority.flatMap { territory?.unit(code: unit.code, authority: $0)?.name }
                ?? unitName(unit.code, of: pathway)
        }
        let hospital = pathway.reference.flatMap { territory?.hospital(authority: $0.visit.authority)?.name }
        let words = [unit, hospital].compactMap { $0.map(QuotedText.oneLine) }.joined(separator: ", ")
        return words.isEmpty ? nil : words
    }

    private func unitName(_ code: String, of pathway: Pathway) -> String? {
        pathway.reference.flatMap { territory?.unit(code: code, authority: $0.visit.authority)?.name }
    }
}
