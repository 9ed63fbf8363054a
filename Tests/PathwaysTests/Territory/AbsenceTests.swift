import Pathways
import Testing
import Timekeeping

@Suite("Absences are declared beside the published ones")
struct AbsenceTests {
    private let by = Example.by(Example.referent, as: .referent)
    private let from = Example.instant("2027-03-01T00:00:00+01:00")
    private let to = Example.instant("2027-03-08T00:00:00+01:00")

    private func state() throws -> TerritoryState {
        var state = TerritoryState()
        try publish(in: &state)
        return state
    }

    private func publish(in state: inout TerritoryState) throws {
        let yaml = try #require(Shipped.text(of: "demo-territory.yaml"))
        try state.evolve(with: TerritoryPublished(territory: "clvo-demo", digest: String(repeating: "0f", count: 32), content: yaml))
    }

    private func nurses(_ state: TerritoryState) throws -> [Professional] {
        try #require(state.published).professionals.filter { $0.role == .nurse && $0.absences.isEmpty }
    }

    @Test func aDeclaredAbsenceCountsAndOutlivesAPublication() throws {
        var state = try state()
        let people = try nurses(state)
        let absence = AbsenceDeclared(rpps: people[0].rpps.value, from: from, to: to, replacement: people[1].rpps.value, by: by)
        #expect(try state.decide(absence) == absence)
        state.evolve(with: absence)
        #expect(try state.decide(absence) == nil)
        for _ in 0..<2 {
            let territory = try #require(state.territory)
            #expect(territory.isAbsent(people[0].rpps, at: from) && !territory.isAbsent(people[0].rpps, at: to))
            #expect(territory.professional(people[0].rpps)?.absence(at: from)?.replacement == people[1].rpps)
            #expect(state.published?.isAbsent(people[0].rpps, at: from) == false)
            try publish(in: &state)
        }
    }

    @Test(arguments: [(3, 3), (-1, nil), (30, 7)]) func itEndsEarlierOrNotAtAll(daysAway: Int, left: Int?) throws {
        var state = try state()
        let rpps = try nurses(state)[0].rpps
        state.evolve(with: AbsenceDeclared(rpps: rpps.value, from: from, to: to, by: by))
        state.evolve(with: AbsenceEnded(rpps: rpps.value, from: from, at: from.adding(days: Int64(daysAway)), by: by))
        let territory = try #require(state.territory)
        #expect(territory.isAbsent(rpps, at: from) == (left != nil))
        if let left {
            #expect(territory.isAbsent(rpps, at: from.adding(days: Int64(left)).adding(milliseconds: -1)))
            #expect(!territory.isAbsent(rpps, at: from.adding(days: Int64(left))))
        }
    }

    @Test func theUnionCountsAndAReplacementIsFound() throws {
        var state = try state()
        let away = try #require(state.published?.professionals.first { !$0.absences.isEmpty })
        let published = try #require(away.absences.first)
        let other = try #require(state.published?.professionals.first { $0.role == away.role && $0.rpps != away.rpps })
        state.evolve(
            with: AbsenceDeclared(
                rpps: away.rpps.value,
                from: published.from.adding(days: -2),
                to: published.from.adding(hours: 1),
                replacement: other.rpps.value,
                by: by
            )
        )
        let territory = try #require(state.territory)
        #expect(territory.isAbsent(away.rpps, at: published.from.adding(days: -1)))
        #expect(territory.professional(away.rpps)?.absence(at: published.from)?.replacement != nil)
        #expect(territory.isAbsent(away.rpps, at: published.to.adding(milliseconds: -1)))
    }

    @Test func whatCannotBeIsRefused() throws {
        let state = try state()
        let people = try nurses(state)
        let doctor = try #require(state.published?.professionals.first { $0.role == .attendingGP })
        let own = people[0].rpps.value
        let wrong: [(AbsenceDeclared, Rejection.Code)] = [
            (AbsenceDeclared(rpps: "10000023084", from: from, to: to, by: by), .unknownProfessional),
            (AbsenceDeclared(rpps: own, from: to, to: from, by: by), .invalidAbsence),
            (AbsenceDeclared(rpps: own, from: from, to: to, replacement: own, by: by), .invalidAbsence),
            (AbsenceDeclared(rpps: own, from: from, to: to, replacement: doctor.rpps.value, by: by), .invalidAbsence),
        ]
        for (absence, code) in wrong {
            let refusal = #expect(throws: Rejection.self) { try state.decide(absence) }
            #expect(refusal?.code == code)
        }
        let refusal = #expect(throws: Rejection.self) { try state.decide(AbsenceEnded(rpps: own, from: from, at: to, by: by)) }
        #expect(refusal?.code == .unknownAbsence)
    }
}
