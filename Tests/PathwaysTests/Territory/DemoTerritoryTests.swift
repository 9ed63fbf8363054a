import Pathways
import Testing
import Timekeeping

@Suite struct DemoTerritoryTests {
    @Test func standsForTheCPTS() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.id == "clvo-demo")
        #expect(territory.name == "CPTS Loire Vendée Océan (démonstration)")
        #expect(territory.timeZone == "Europe/Paris")
        #expect(territory.communes.count == 37)
        #expect(territory.communes.map(\.population).reduce(0, +) == 131_862)
        #expect(territory.referent.name == "Camille Moreau")
        #expect(territory.professional(territory.referent.rpps)?.role == .referent)
    }

    @Test(arguments: [
        (CareRole.nurse, 30, 2), (.attendingGP, 40, 2), (.pharmacist, 20, 1), (.midwife, 5, 1), (.cardiologist, 4, 4), (.pulmonologist, 3, 3),
        (.physiotherapist, 6, 1), (.socialWorker, 2, 2),
    ])
    func everyCommuneIsCovered(role: CareRole, atLeast count: Int, perCommune: Int) throws {
        let territory = try Shipped.territory.get()
        let people = territory.professionals.filter { $0.role == role }
        #expect(people.count >= count)
        for commune in territory.communes {
            #expect(people.count { $0.communes.contains(commune.code) } >= perCommune, "\(commune.name)")
        }
    }

    @Test func peopleAreClearlyFictional() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.professionals.allSatisfy { $0.rpps.value.hasPrefix("99999") && $0.phone?.hasPrefix("026191") != false })
        #expect(Set(territory.professionals.map(\.fullName)).count == territory.professionals.count)
        #expect(territory.professionals.contains { !$0.absences.isEmpty })
        #expect(territory.hospitals.allSatisfy { $0.finess.value.dropFirst(2).hasPrefix("009999") })
    }

    @Test func rolesOfTheProtocolsHaveSomeone() throws {
        let territory = try Shipped.territory.get()
        let roles = Set(territory.professionals.map(\.role))
        for followUpProtocol in try Shipped.library.get().all {
            for rule in followUpProtocol.rules { #expect(roles.contains(rule.role), "\(rule.role)") }
        }
    }

    @Test func unitsProposeProtocolsThatExist() throws {
        let territory = try Shipped.territory.get()
        let library = try Shipped.library.get()
        #expect(territory.hospitals.count == 2)
        for hospital in territory.hospitals {
            #expect(hospital.units.count == 6)
            for unit in hospital.units {
                #expect(unit.protocols.allSatisfy { library[$0] != nil })
                let contact = try #require(unit.contact)
                #expect(territory.professional(contact)?.role == .dischargingUnit)
            }
        }
    }

    @Test(arguments: [
        ("CARD", ["heart-failure"]), ("PNEU", ["copd"]), ("CHIR", ["surgery"]), ("GERI", ["elderly-75"]), ("MATE", ["maternity"]), ("MEDE", []),
    ])
    func unitsAreFoundByCodeAndAuthority(code: String, protocols: [String]) throws {
        let territory = try Shipped.territory.get()
        let unit = try #require(territory.unit(code: code, authority: "CHLVO"))
        #expect(unit.protocols == protocols)
        #expect(territory.unit(code: code, authority: "850099995") == unit)
        #expect(territory.unit(code: code, authority: "CHU") == nil)
        #expect(territory.unit(code: code + "X", authority: "CHLVO") == nil)
    }

    @Test func hospitalsAndSendersAreKnown() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.hospital(authority: "CHLVO")?.finess.value == "850099995")
        #expect(territory.hospital(authority: "CPDR")?.finess.value == "440099992")
        #expect(territory.hospital(authority: "") == nil)
        #expect(territory.isKnownSender(application: "SIMHOSP", facility: "CHLVO"))
        #expect(!territory.isKnownSender(application: "SIMHOSP", facility: "ELSEWHERE"))
        #expect(!territory.isKnownSender(application: "CHLVO", facility: "SIMHOSP"))
    }

    @Test func teamsAnswerTogether() throws {
        let territory = try Shipped.territory.get()
        let teams = territory.teams(for: .nurse, in: try CommuneCode("85047"))
        #expect(teams.map(\.id) == ["nurses-challans"])
        let candidates = territory.candidates(for: .nurse, in: try CommuneCode("85047"), at: CandidateTests.noon, rotation: [7])
        #expect(candidates.contains { $0.teams == ["nurses-challans"] })
        #expect(territory.teams(for: .pharmacist, in: try CommuneCode("85047")).isEmpty)
    }

    @Test func someoneUnknownIsNotAbsent() throws {
        let territory = try Shipped.territory.get()
        #expect(!territory.isAbsent(try RPPS("10000023084"), at: CandidateTests.noon))
        #expect(territory.professional(try RPPS("10000023084")) == nil)
        let absent = try #require(territory.professionals.first { !$0.absences.isEmpty })
        let absence = try #require(absent.absences.first)
        #expect(territory.isAbsent(absent.rpps, at: absence.from))
        #expect(!territory.isAbsent(absent.rpps, at: absence.to))
    }
}
