import Pathways

/// Who and what an invented story is about.
struct SampleCast: Sendable {
    let territory: Territory
    private(set) var hospital: String
    private(set) var authority: String
    private(set) var unit: MedicalUnit?
    let commune: Commune?
    private(set) var identity: PatientIdentity
    private(set) var patientStream: String
    private(set) var pathwayStream: String
    let visit: String
    /// RPPS.
    let gp: String
    let pharmacist: String
    let nurse: String
    let titles: [String]
    let isOpposed: Bool

    /// The directory that travels in the binary: fictional people of a real country.
    /// - Throws: `FileErrors`.
    static func demoTerritory() throws(FileErrors) -> Territory {
        try TerritoryFile.parse(yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml")
    }

    /// One fictional patient, for previews.
    static func demo(_ territory: Territory) -> SampleCast {
        let hospital = territory.hospitals.first
        return SampleCast(
            territory,
            hospital: hospital,
            unit: hospital?.units.first,
            commune: territory.communes.first { $0.name == "Challans" } ?? territory.communes.first,
            name: SampleName(family: "Guérineau", used: "Le Floc’h", given: "Marie-Thérèse", sex: "F", birthDate: "1948-03-12"),
            streams: (String(repeating: "a1", count: 16), String(repeating: "b2", count: 16)),
            numbers: ("P0007", "V0042", "2480385047001"),
            titles: ["Faire la première visite à domicile", "Faire le bilan des médicaments"],
            people: { role in territory.professionals.first { $0.role == role }?.rpps.value },
            isOpposed: false
        )
    }

    /// The same patient in another stay; 0 for this one.
    func with(pathway index: Int) -> SampleCast {
        var other = self
        if index > 0 { other.pathwayStream = String(pathwayStream.dropLast(2)) + Self.format2(index % 100) }
        return other
    }

    /// Anybody: names with accents, hyphens and apostrophes, of one letter, or that are words of our own texts.
    static func random(_ territory: Territory, using chance: inout SeededChance) -> SampleCast {
        let hospital = territory.hospitals.randomElement(using: &chance)
        let name = SampleName.random(using: &chance)
        var people: [CareRole: String] = [:]
        for role in [CareRole.attendingGP, .pharmacist, .nurse] {
            people[role] = territory.professionals.filter { $0.role == role }.randomElement(using: &chance)?.rpps.value
        }
        let month = format2(Int.random(in: 1...12, using: &chance))
        let year = format2(Int.random(in: 10...99, using: &chance))
        return SampleCast(
            territory,
            hospital: hospital,
            unit: hospital?.units.randomElement(using: &chance),
            commune: territory.communes.randomElement(using: &chance),
            name: name,
            streams: (chance.hex(), chance.hex()),
            numbers: (
                "P\(Int.random(in: 1_000_000...9_999_999, using: &chance))", "V\(Int.random(in: 1_000_000...9_999_999, using: &chance))",
                "\(name.sex == "F" ? 2 : 1)\(year)\(month)85047\(Int.random(in: 100...999, using: &chance))"
            ),
            titles: [chance.pick(titles, otherwise: "Appeler le patient"), chance.pick(titles, otherwise: "Appeler le patient")],
            people: { people[$0] },
            isOpposed: Int.random(in: 0..<10, using: &chance) == 0
        )
    }

    /// The same story in other streams.
    func replacing(pathway: String, patient: String) -> SampleCast {
        var other = self
        other.pathwayStream = pathway
        other.patientStream = patient
        return other
    }

    /// The same story about somebody else of the same commune, who was in another unit.
    func renamed(using chance: inout SeededChance) -> SampleCast {
        var other = self
        let name = SampleName.random(using: &chance)
        if let hospital = territory.hospitals.randomElement(using: &chance) {
            other.hospital = hospital.name
            other.authority = hospital.finess.value
            other.unit = hospital.units.randomElement(using: &chance)
        }
        other.identity = Self.identity(name, authority, "P0", commune, ins: nil)
        return other
    }

    /// What open channels must not tell.
    var secrets: [String] {
        [
            identity.birthFamilyName, identity.usedFamilyName, identity.givenName, identity.birthDate, identity.phone,
            identity.address?.line,
            identity.ins?.value, identity.identifier.value, commune?.name, hospital, unit?.name, visit, gp, nurse, pharmacist,
        ].compactMap { $0 } + titles
    }

    private static let titles = [
        "Faire la première visite à domicile", "Refaire le pansement", "Peser et noter le poids", "Faire le bilan des médicaments",
        "Voir le patient sous 7 jours", "Retirer les fils", "Évaluer l’essoufflement", "Prévoir la consultation de cardiologie",
    ]

    private static func format2(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private init(
        _ territory: Territory,
        hospital: Hospital?,
        unit: MedicalUnit?,
        commune: Commune?,
        name: SampleName,
        streams: (patient: String, pathway: String),
        numbers: (patient: String, visit: String, ins: String),
        titles: [String],
        people: (CareRole) -> String?,
        isOpposed: Bool
    ) {
        self.territory = territory
        self.hospital = hospital?.name ?? ""
        authority = hospital?.finess.value ?? ""
        self.unit = unit
        self.commune = commune
        patientStream = streams.patient
        pathwayStream = streams.pathway
        visit = numbers.visit
        gp = people(.attendingGP) ?? ""
        pharmacist = people(.pharmacist) ?? ""
        nurse = people(.nurse) ?? ""
        self.titles = titles
        self.isOpposed = isOpposed
        identity = Self.identity(name, authority, numbers.patient, commune, ins: Self.ins(numbers.ins))
    }

    private static func identity(
        _ name: SampleName,
        _ authority: String,
        _ number: String,
        _ commune: Commune?,
        ins: INS?
    ) -> PatientIdentity {
        PatientIdentity(
            identifier: LocalIdentifier(authority: authority, value: number),
            birthFamilyName: name.family,
            usedFamilyName: name.used,
            givenName: name.given,
            birthDate: name.birthDate,
            sex: name.sex,
            phone: "0639981234",
            address: PatientAddress(
                line: "12 rue des Sternes",
                city: commune?.name,
                postalCode: commune?.postalCodes.first,
                cog: commune?.code.value
            ),
            ins: ins,
            reliability: ["VALI"]
        )
    }

    /// Under the OID that is kept for tests.
    private static func ins(_ number: String) -> INS? {
        guard let digits = Int(number) else { return nil }
        return try? INS(number: number + format2(97 - digits % 97), oid: "1.2.250.1.213.1.4.10")
    }
}
