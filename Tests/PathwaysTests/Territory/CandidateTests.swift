import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct CandidateTests {
    static let noon = Instant(millisecondsSinceEpoch: 1_795_600_800_000)  // 2026-11-25T10:00:00Z

    /// Computed apart from the code, by the definition in `RotationOrder`'s comment.
    @Test(
        arguments: [
            ("", "99999000013", 6_385_830_141_496_318_336), ("follow-up-1", "99999000013", 3_567_528_638_460_350_565),
            ("follow-up-1", "99999000021", 17_895_979_802_719_337_283), ("follow-up-2", "10000023084", 13_336_066_376_275_608_164),
        ] as [(String, String, UInt64)]
    )
    func ranksAreAsPublished(seed: String, rpps: String, rank: UInt64) throws {
        #expect(RotationOrder.rank(seed: Array(seed.utf8), rpps: try RPPS(rpps)) == rank)
    }

    @Test func theOrderIsTheSameForTheSameSeedAndAscendsByRank() throws {
        let territory = try Shipped.territory.get()
        let commune = try CommuneCode("85047")
        let seed = Array("a follow-up".utf8)
        let candidates = territory.candidates(for: .nurse, in: commune, at: Self.noon, rotation: seed)
        #expect(candidates.count >= 2)
        #expect(candidates == territory.candidates(for: .nurse, in: commune, at: Self.noon, rotation: seed))
        let ranks = candidates.map { RotationOrder.rank(seed: seed, rpps: $0.rpps) }
        #expect(ranks == ranks.sorted())
        #expect(Set(candidates.map(\.rpps)).count == candidates.count)
        for candidate in candidates {
            let professional = try #require(territory.professional(candidate.rpps))
            #expect(professional.role == .nurse)
            #expect(professional.communes.contains(commune) || candidate.replacing != nil)
            #expect(!territory.isAbsent(candidate.rpps, at: Self.noon))
        }
    }

    /// Over many follow-ups each candidate stands first equally often: within 5 standard deviations of the fair share.
    @Test func theOrderFavoursNobody() throws {
        let territory = try Shipped.territory.get()
        let commune = try CommuneCode("85047")
        let seed: UInt64 = 42
        var numbers = SplitMix64(seed: seed)
        var firsts: [RPPS: Int] = [:]
        let rounds = 4_000
        var count = 0
        for _ in 0..<rounds {
            let bytes = withUnsafeBytes(of: numbers.next()) { Array($0) }
            let candidates = territory.candidates(for: .attendingGP, in: commune, at: Self.noon, rotation: bytes)
            count = candidates.count
            firsts[try #require(candidates.first).rpps, default: 0] += 1
        }
        #expect(firsts.count == count && count > 2)
        let share = Double(rounds) / Double(count)
        let deviation = (share * (1 - 1 / Double(count))).squareRoot()
        for (rpps, times) in firsts {
            #expect(abs(Double(times) - share) < 5 * deviation, "seed \(seed), \(rpps) first \(times) times of \(share)")
        }
    }

    @Test func whoIsAwayIsRepresentedOrLeftOut() throws {
        let territory = try Self.territory(
            absences: [
                "99999000021": "absences: [{from: 2026-11-23, to: 2026-11-29, replacement: \"99999000054\"}]",
                "99999000039": "absences: [{from: 2026-11-25T11:00:00+01:00, to: 2026-11-25T12:00:00+01:00}]",
            ])
        let commune = try CommuneCode("85047")
        func asked(_ instant: String) throws -> [String: String?] {
            let at = try #require(Instant(rfc3339: instant))
            let candidates = territory.candidates(for: .nurse, in: commune, at: at, rotation: [1])
            return Dictionary(uniqueKeysWithValues: candidates.map { ($0.rpps.value, $0.replacing?.value) })
        }
        #expect(try asked("2026-11-22T23:59:59.999+01:00") == ["99999000021": nil, "99999000039": nil])
        #expect(try asked("2026-11-23T00:00:00+01:00") == ["99999000054": "99999000021", "99999000039": nil])
        #expect(try asked("2026-11-25T11:00:00+01:00") == ["99999000054": "99999000021"])
        #expect(try asked("2026-11-25T12:00:00+01:00") == ["99999000054": "99999000021", "99999000039": nil])
        #expect(try asked("2026-11-29T23:59:59.999+01:00") == ["99999000054": "99999000021", "99999000039": nil])
        #expect(try asked("2026-11-30T00:00:00+01:00") == ["99999000021": nil, "99999000039": nil])
    }

    @Test func aReplacementWhoIsAwayOrAlreadyAskedDoesNotComeTwice() throws {
        let away = try Self.territory(
            absences: [
                "99999000021": "absences: [{from: 2026-11-23, to: 2026-11-29, replacement: \"99999000054\"}]",
                "99999000054": "absences: [{from: 2026-11-25, to: 2026-11-25}]",
            ])
        let asked = away.candidates(for: .nurse, in: try CommuneCode("85047"), at: Self.noon, rotation: [])
        #expect(asked.map(\.rpps.value) == ["99999000039"])
        let covering = try Self.territory(absences: ["99999000021": "absences: [{from: 2026-11-23, to: 2026-11-29, replacement: \"99999000039\"}]"])
        let once = covering.candidates(for: .nurse, in: try CommuneCode("85047"), at: Self.noon, rotation: [])
        #expect(once.map(\.rpps.value) == ["99999000039"])
        #expect(once.allSatisfy { $0.replacing == nil })
    }

    @Test func nobodyForARoleOrACommuneWithoutCoverage() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.candidates(for: .dietitian, in: try CommuneCode("85047"), at: Self.noon, rotation: []).isEmpty)
        #expect(territory.candidates(for: .nurse, in: try CommuneCode("75056"), at: Self.noon, rotation: []).isEmpty)
    }

    /// Two nurses who cover Challans, and one who covers another commune.
    static func territory(absences: [String: String]) throws -> Territory {
        func person(_ rpps: String, _ commune: String, _ role: String = "nurse") -> String {
            "  - {rpps: \"\(rpps)\", family: F, given: G, role: \(role), communes: [\"\(commune)\"]\(absences[rpps].map { ", " + $0 } ?? "")}\n"
        }
        let yaml = """
            id: small
            name: Petit territoire
            timeZone: Europe/Paris
            version: 1
            referent: {rpps: "99999000013", name: Camille Moreau}
            communes:
              - {code: "85047", name: Challans, postalCodes: ["85300"], population: 22494}
              - {code: "85234", name: Saint-Jean-de-Monts, postalCodes: ["85160"], population: 8741}
            professionals:

            """
        let people =
            person("99999000013", "85047", "referent") + person("99999000021", "85047") + person("99999000039", "85047")
            + person("99999000054", "85234")
        return try TerritoryFile.parse(yaml: yaml + people, file: "small.yaml")
    }
}
