/// A protocol of few rules whose durations a test chooses.
struct LoopProtocol: Sendable {
    var version = 1
    var aloneMinutes = 60
    var waveSize = 2
    var waveMinutes = 30
    var priority = "normal"
    /// Of the one rule for nurses.
    var window = "{from: J0, to: J0+2d}"
    /// Written as in the file; nil leaves it to the standard.
    var escalation: String?
    var closesAfterDays = 30
    /// Further rules, each written as in the file.
    var more: [String] = []

    static func rule(_ id: String, role: String, _ members: String = "") -> String {
        "  - {id: \(id), role: \(role), title: Faire l'essai, window: {from: J0, to: J0+2d}, priority: normal, answerWithinMinutes: 30, "
            + "minimumDataSet: [identity], source: essai\(members)}"
    }

    var yaml: String {
        """
        id: loop
        version: \(version)
        title: Boucle d'essai
        summary: Une règle pour les essais.
        date: 2026-11-01
        appliesTo: home-discharge
        sources:
          - {id: essai, title: Essai, date: 2026-11-01, evidence: read}
        solicitation: {aloneMinutes: \(aloneMinutes), waveSize: \(waveSize), waveMinutes: \(waveMinutes)}
        \(escalation.map { "escalation: \($0)" } ?? "")
        closesAfterDays: \(closesAfterDays)
        rules:
          - id: visit
            role: nurse
            title: Passer voir
            window: \(window)
            priority: \(priority)
            answerWithinMinutes: 30
            minimumDataSet: [identity]
            source: essai
        \(more.joined(separator: "\n"))

        """
    }
}
