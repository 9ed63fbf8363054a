import Pathways
import Testing

@Suite struct ShippedProtocolTests {
    /// The verbs that titles may begin with.
    static let verbs: Set<String> = [
        "Appeler", "Commencer", "Demander", "Confirmer", "Envoyer", "Évaluer", "Examiner", "Faire", "Prendre", "Préparer", "Prévoir", "Proposer",
        "Rappeler", "Revoir", "Surveiller", "Transmettre", "Vérifier", "Voir",
    ]

    /// What the issue and the sources ask for: who, by when.
    static let expected: [(reference: String, role: CareRole, window: String)] = [
        ("plain-home-discharge/gp-admission-notice", .attendingGP, "J0 – J0+24h"),
        ("plain-home-discharge/nurse-preparation", .nurse, "J0-2d – J0"),
        ("plain-home-discharge/pharmacy-preparation", .pharmacist, "J0-2d – J0"),
        ("plain-home-discharge/missing-prescription", .dischargingUnit, "J0 – J0+4h"),
        ("plain-home-discharge/alert-call-back", .attendingGP, "J0 – J0+2h"),
        ("plain-home-discharge/liaison-letter", .dischargingUnit, "J0 – J0"),
        ("plain-home-discharge/pharmacy-reconciliation", .pharmacist, "J0 – J0"),
        ("plain-home-discharge/nurse-first-visit", .nurse, "J0 – J0+48h"),
        ("plain-home-discharge/gp-visit", .attendingGP, "J0 – J0+7d"),
        ("plain-home-discharge/confirm-home-return", .referent, "J0+2d – J0+2d"),
        ("heart-failure/gp-visit", .attendingGP, "J0 – J0+7d"),
        ("heart-failure/gp-two-months", .attendingGP, "J0+46d – J0+60d"),
        ("heart-failure/cardiologist-visit", .cardiologist, "J0 – J0+60d"),
        ("heart-failure/nurse-weekly", .nurse, "J0+7d – J0+13d"),
        ("heart-failure/nurse-weekly#1", .nurse, "J0+7d – J0+13d"),
        ("heart-failure/nurse-weekly#8", .nurse, "J0+56d – J0+62d"),
        ("copd/gp-visit", .attendingGP, "J0 – J0+7d"),
        ("copd/pulmonologist-visit", .pulmonologist, "J0 – J0+60d"),
        ("surgery/nurse-surveillance#3", .nurse, "J0+4d – J0+6d"),
        ("elderly-75/gp-visit", .attendingGP, "J0 – J0+7d"),
        ("elderly-75/nurse-call", .nurse, "J0+48h – J0+72h"),
        ("maternity/midwife-first-visit", .midwife, "J0 – J0+24h"),
    ]

    @Test(arguments: expected) func asksFor(_ row: (reference: String, role: CareRole, window: String)) throws {
        let reference = try #require(RuleReference(row.reference))
        let rule = try #require(try Shipped.library.get().rule(reference))
        #expect(rule.role == row.role)
        #expect(rule.window.description == row.window)
    }

    @Test(arguments: [
        "heart-failure/nurse-weekly#0", "heart-failure/nurse-weekly#9", "heart-failure/gp-visit#1", "heart-failure/none", "none/gp-visit",
    ])
    func knowsNoOtherRule(_ text: String) throws {
        let reference = try #require(RuleReference(text))
        #expect(try Shipped.library.get().rule(reference) == nil)
    }

    @Test(arguments: DischargeDestination.allCases)
    func oneProtocolAppliesByItselfWhereTheCityIsAsked(destination: DischargeDestination) throws {
        let expected: [DischargeDestination: [String]] = [
            .home: ["plain-home-discharge"], .againstAdvice: ["against-advice-discharge"], .unknown: ["unknown-discharge"],
            .ehpad: ["ehpad-discharge"], .smr: ["smr-discharge"], .had: ["had-discharge"],
        ]
        #expect(try Shipped.library.get().applying(to: destination).map(\.id) == expected[destination] ?? [])
    }

    @Test func shipsWhatTheIssueAsksFor() throws {
        let asked = ["copd", "elderly-75", "heart-failure", "maternity", "plain-home-discharge", "surgery"]
        #expect(
            try Shipped.library.get().all.map(\.id)
                == (asked + ["against-advice-discharge", "unknown-discharge", "ehpad-discharge", "smr-discharge", "had-discharge"]).sorted()
        )
    }

    @Test func everyRuleHasTitleSourceAndDate() throws {
        for followUpProtocol in try Shipped.library.get().all {
            #expect(!followUpProtocol.rules.isEmpty && !followUpProtocol.sources.isEmpty)
            for rule in followUpProtocol.rules {
                let name = Comment(rawValue: "\(followUpProtocol.id)/\(rule.id)")
                #expect(rule.title.unicodeScalars.count <= 40, name)
                #expect(Self.verbs.contains(String(rule.title.prefix { $0 != " " })), name)
                #expect(!rule.source.isEmpty && rule.sourceDate.count >= 4, name)
                #expect(!rule.minimumDataSet.isEmpty && rule.minimumDataSet.contains(.identity), name)
                #expect(CareRole.known.contains(rule.role), name)
                #expect(rule.answerWithinMinutes > 0, name)
            }
        }
    }

    /// An uncertain source shows: whatever rests on memory or on a parameter says so.
    @Test func whatIsUncertainSaysSo() throws {
        for followUpProtocol in try Shipped.library.get().all {
            let recalled = Set(followUpProtocol.sources.filter { $0.evidence == .recalled }.map(\.title))
            let values = Set(followUpProtocol.parameters.map(\.value))
            for rule in followUpProtocol.rules where recalled.contains(rule.source) || rule.supersedes.isEmpty && values.contains(rule.window.to) {
                #expect(rule.doubt != nil, "\(followUpProtocol.id)/\(rule.id)")
            }
        }
    }

    @Test func whatIsSupersededExistsAndHasTheSameAim() throws {
        let library = try Shipped.library.get()
        var count = 0
        for followUpProtocol in library.all {
            for rule in followUpProtocol.rules {
                for reference in rule.supersedes {
                    let replaced = try #require(library.rule(reference), "\(reference)")
                    #expect(replaced.trigger == rule.trigger)
                    count += 1
                }
            }
        }
        #expect(count >= 7)
    }

    @Test func aMissingHomeReturnIsAFollowUpOfItsOwn() throws {
        let plain = try #require(try Shipped.library.get()["plain-home-discharge"])
        let waiting = plain.rules.filter { $0.trigger == .homeReturnMissing }
        #expect(waiting.map(\.id) == ["confirm-home-return"])
        #expect(waiting.allSatisfy { $0.recordsHomeReturn && $0.role == .referent && $0.priority == .urgent })
    }

    @Test func aRepeatedRuleUnfoldsIntoNumberedOnes() throws {
        let rule = try #require(try Shipped.library.get()["heart-failure"]?.rule("nurse-weekly"))
        let occurrences = rule.occurrences
        #expect(occurrences.map(\.id) == (1...8).map { "nurse-weekly#\($0)" })
        #expect(occurrences.map { $0.window.from.count } == [7, 14, 21, 28, 35, 42, 49, 56])
        #expect(occurrences.map { $0.occurrence?.number } == Array(1...8))
        #expect(occurrences.allSatisfy { $0.recurrence == nil && $0.occurrence?.total == 8 && $0.title == rule.title })
        #expect(occurrences.flatMap(\.occurrences) == occurrences)
    }

    @Test func publishingAgainReplaces() throws {
        var library = try Shipped.library.get()
        let text = try #require(Shipped.text(of: "copd.yaml")).replacing("version: 2", with: "version: 3")
        library.publish(try ProtocolFile.parse(yaml: text, file: "copd.yaml"))
        #expect(library["copd"]?.version == 3)
        #expect(library.all.count == 11)
        #expect(ProtocolLibrary()["copd"] == nil)
    }

    @Test(arguments: DataItem.allCases) func dataItemsHaveFrenchNames(_ item: DataItem) {
        #expect(DataItem(rawValue: item.rawValue) == item)
        #expect(!item.frenchName.isEmpty)
    }

    @Test func prioritiesRankUrgentFirst() {
        #expect(Priority.allCases.sorted { $0.rawValue < $1.rawValue } == [.urgent, .high, .normal])
        #expect(Priority.allCases.allSatisfy { Priority(name: $0.name) == $0 })
        #expect(Priority(name: "low") == nil)
    }

    @Test(arguments: ["", "/", "a/", "/b", "a/b/c", "ab"]) func referencesNeedTwoParts(_ text: String) {
        #expect(RuleReference(text) == nil)
    }
}
