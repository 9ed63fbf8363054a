/// A small territory of fictional people, with the identifiers of the demonstration.
enum TestTerritory {
    static let referent = "99999000013"
    static let gp = "99999000112"
    static let nurse = "99999000443"
    static let otherNurse = "99999000450"
    static let thirdNurse = "99999000468"
    static let fourthNurse = "99999000476"
    static let pharmacist = "99999000807"
    static let cardiology = "99999001235"
    static let surgery = "99999001250"
    /// A right key, and nobody of the directory.
    static let stranger = "99999001342"

    /// The nurses but one answer together.
    static let nursesTogether = """
        teams:
          - id: marais
            name: Cabinet infirmier du Marais
            role: nurse
            members: ["99999000443", "99999000450", "99999000468"]
            communes: ["85047"]
        """

    static func yaml(version: Int = 1, nurseFamily: String = "Naud", teams: String = "teams: []") -> String {
        """
        id: essai
        name: CPTS d’essai
        timeZone: Europe/Paris
        version: \(version)
        referent:
          rpps: "99999000013"
          name: Camille Moreau
          phone: "0261910001"
        communes:
          - {code: "85047", name: "Challans", postalCodes: ["85300"], population: 22494}
          - {code: "85096", name: "La Garnache", nameVariants: ["Garnache"], postalCodes: ["85710"], population: 5316}
        professionals:
          - {rpps: "99999000013", family: Moreau, given: Camille, role: referent, phone: "0261910001", communes: all}
          - {rpps: "99999000112", family: Rousseau, given: Jules, role: attending-gp, phone: "0261910011", communes: all}
          - {rpps: "99999000443", family: \(nurseFamily), given: Margaux, role: nurse, phone: "0261910044", communes: all}
          - {rpps: "99999000450", family: Potier, given: Valérie, role: nurse, phone: "0261910045", communes: all}
          - {rpps: "99999000468", family: Pontoizeau, given: Sophie, role: nurse, phone: "0261910046", communes: all}
          - {rpps: "99999000476", family: Arnaud, given: Nicolas, role: nurse, phone: "0261910047", communes: all}
          - {rpps: "99999000807", family: Rousseau, given: Julie, role: pharmacist, phone: "0261910080", communes: all}
          - {rpps: "99999001235", family: Pelletier, given: Laure, role: discharging-unit, phone: "0261910123"}
          - {rpps: "99999001250", family: Pontoizeau, given: Zoé, role: discharging-unit, phone: "0261910125"}
        \(teams)
        hospitals:
          - finess: "850099995"
            name: Centre hospitalier d’essai
            authorities: [CHLVO]
            senders:
              - {application: SIMHOSP, facility: CHLVO}
            units:
              - {code: CARD, name: Cardiologie, contact: "99999001235", protocols: [heart-failure]}
              - {code: CHIR, name: Chirurgie, contact: "99999001250", protocols: []}
        """
    }
}
