import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections
@testable import Web

/// To-do lists as the views give them, with fictional people.
enum Mocks {
    static let zone = TimeZone(identifier: "Europe/Paris") ?? .gmt

    static func instant(_ text: String) throws -> Instant { try #require(Instant(rfc3339: text)) }

    static func library() throws -> ProtocolLibrary {
        var library = ProtocolLibrary()
        for file in BundledFiles.protocols { library.publish(try ProtocolFile.parse(yaml: file.yaml, file: file.name)) }
        return library
    }

    static let solange = PatientSummary(
        birthFamilyName: "Lemoine",
        usedFamilyName: "Garnier",
        givenName: "Solange",
        birthDate: "1941-05-03",
        sex: "F",
        phone: "0261919001",
        address: "3 rue des Marais",
        postalCode: "85300",
        city: "Challans"
    )

    static let marcel = PatientSummary(
        birthFamilyName: "Burgaud",
        usedFamilyName: nil,
        givenName: "Marcel",
        birthDate: "1950-01-01",
        sex: "M",
        phone: nil,
        address: nil,
        postalCode: "85710",
        city: "La Garnache"
    )

    static func item(
        _ id: String,
        _ kind: ToDoItem.Kind,
        _ title: String = "Faire la première visite à domicile",
        rule: String = "nurse-first-visit",
        role: CareRole = .nurse,
        priority: Priority = .high,
        dueBy: String = "2026-11-24T08:30:00+01:00",
        now: Instant,
        answerBy: String? = nil,
        waitingFor: [ToDoItem.Asked] = [],
        team: DirectoryTeam? = nil,
        escalations: [ToDoItem.Escalation] = [],
        report: ToDoItem.Report? = nil,
        basis: Assignment.Basis? = .coverage,
        reason: String? = nil,
        withdrawal: WithdrawalReason? = nil,
        patient: PatientSummary? = nil,
        pathway: String = "0f0e0d0c0b0a09080706050403020100"
    ) throws -> ToDoItem {
        let due = try instant(dueBy)
        return ToDoItem(
            followUp: id,
            pathway: pathway,
            kind: kind,
            title: title,
            role: role,
            protocolID: "plain-home-discharge",
            rule: rule,
            protocolVersion: 2,
            trigger: report == nil ? .discharge : report?.sign == nil ? .prescriptionMissing : .alertSign,
            priority: priority,
            dueFrom: try instant("2026-11-22T08:30:00+01:00"),
            dueBy: due,
            late: kind != .notice && kind != .onHold && due < now,
            since: nil,
            team: team,
            owner: kind == .notice ? nil : ToDoItem.Person(rpps: TestTerritory.referent, name: "Camille Moreau"),
            nextDeadline: kind == .notice ? nil : Deadline(at: due, kind: .escalation(followUp: id, step: 1)),
            escalations: escalations,
            report: report,
            answerBy: try answerBy.map(instant),
            waitingFor: waitingFor,
            basis: basis,
            assignmentReason: reason,
            withdrawal: withdrawal,
            patient: patient,
            commune: "Challans",
            communeCode: "85047",
            visit: patient == nil ? nil : "V1",
            unit: "Cardiologie",
            dischargedAt: try instant("2026-11-22T08:30:00+01:00"),
            status: .discharged,
            destination: .home
        )
    }

    static func list(_ items: [ToDoItem], now: Instant, isReferent: Bool = false) -> ToDoList {
        ToDoList(
            professional: TestTerritory.nurse,
            name: "Margaux Naud",
            position: 42,
            now: now,
            timeZone: zone,
            isReferent: isReferent,
            referent: DirectoryContact(rpps: TestTerritory.referent, name: "Camille Moreau", phone: "0261910001"),
            items: items.sorted()
        )
    }

    static func surroundings(
        _ caller: PageHead.Badge = PageHead.Badge(name: "Margaux Naud", role: "infirmier·ère"),
        flash: FlashMessage? = nil,
        follows: Bool = false
    ) throws -> ToDoPage.Surroundings {
        ToDoPage.Surroundings(
            caller: caller,
            library: try library(),
            flash: flash.map(Flash.init),
            key: "0192-cle",
            follows: follows,
            outlook: { item in
                ItemOutlook(
                    next: item.kind == .offered ? .othersAreAsked : .professional("Valérie Potier"),
                    asked: AskedBefore(
                        summary: "Avant vous, 2 sollicitations : 1 refus, 1 sans réponse à temps.",
                        lines: item.kind == .owned
                            ? [
                                .init(
                                    name: "Nicolas Arnaud",
                                    answer: "a décliné",
                                    at: Moment(text: "lun. 23 nov., 9 h 00", machine: "2026-11-23T09:00:00+01:00")
                                )
                            ]
                            : []
                    )
                )
            },
            notifies: true
        )
    }

    /// A nurse's morning: something in every bucket, two follow-ups of one patient, one offer without a name.
    static func nurse(flash: FlashMessage? = .accepted, follows: Bool = false) throws -> ToDoPage {
        let now = try instant("2026-11-24T09:00:00+01:00")
        let items = [
            try item("f1", .accepted, now: now, patient: solange),
            try item(
                "f2",
                .accepted,
                "Vérifier le poids",
                rule: "gp-visit",
                priority: .normal,
                dueBy: "2026-11-24T07:00:00+01:00",
                now: now,
                patient: solange
            ),
            try item(
                "f3",
                .offered,
                dueBy: "2026-11-26T10:00:00+01:00",
                now: now,
                answerBy: "2026-11-24T13:00:00+01:00",
                pathway: "1f0e0d0c0b0a09080706050403020100"
            ),
            try item(
                "f4",
                .offered,
                dueBy: "2026-11-23T10:00:00+01:00",
                now: now,
                answerBy: "2026-11-22T13:00:00+01:00",
                basis: .declared,
                patient: marcel,
                pathway: "2f0e0d0c0b0a09080706050403020100"
            ),
            try item("f5", .accepted, dueBy: "2026-11-24T18:05:00+01:00", now: now, patient: marcel, pathway: "2f0e0d0c0b0a09080706050403020100"),
            try item(
                "f6",
                .accepted,
                "Faire le pansement",
                priority: .urgent,
                dueBy: "2026-12-01T18:05:00+01:00",
                now: now,
                patient: marcel,
                pathway: "2f0e0d0c0b0a09080706050403020100"
            ),
            try item("f7", .notice, now: now, withdrawal: .dischargeCancelled, patient: solange, pathway: "3f0e0d0c0b0a09080706050403020100"),
            try item(
                "f8",
                .offered,
                dueBy: "2026-11-26T10:00:00+01:00",
                now: now,
                answerBy: "2026-11-24T13:00:00+01:00",
                team: DirectoryTeam(id: "marais", name: "Cabinet infirmier du Marais"),
                pathway: "4f0e0d0c0b0a09080706050403020100"
            ),
            try item("f9", .onHold, dueBy: "2026-11-23T10:00:00+01:00", now: now, patient: marcel, pathway: "2f0e0d0c0b0a09080706050403020100"),
            try item(
                "f10",
                .accepted,
                "Évaluer le signe d’alerte",
                rule: "alert-sign",
                priority: .urgent,
                dueBy: "2026-11-24T11:00:00+01:00",
                now: now,
                report: ToDoItem.Report(
                    sign: .breathlessness,
                    at: try instant("2026-11-24T08:50:00+01:00"),
                    by: ToDoItem.Person(rpps: TestTerritory.otherNurse, name: "Valérie Potier"),
                    called: ["sas"]
                ),
                patient: solange
            ),
        ]
        return ToDoPage(list(items, now: now), try surroundings(flash: flash, follows: follows))
    }

    /// The référent's: what waits for an answer, and what nobody can be asked for.
    static func referent() throws -> ToDoPage {
        let now = try instant("2026-11-24T09:00:00+01:00")
        let asked = [
            ToDoItem.Asked(addressee: .professional(TestTerritory.nurse), name: "Margaux Naud", answerBy: try instant("2026-11-24T13:00:00+01:00")),
            ToDoItem.Asked(addressee: .professional(TestTerritory.otherNurse), name: nil, answerBy: try instant("2026-11-24T13:00:00+01:00")),
            ToDoItem.Asked(addressee: .team("marais"), name: "Cabinet infirmier du Marais", answerBy: try instant("2026-11-24T13:00:00+01:00")),
        ]
        let items = [
            try item("r1", .owned, now: now, waitingFor: asked, patient: solange),
            try item(
                "r2",
                .owned,
                "Voir le patient dans les 7 jours",
                rule: "gp-visit",
                role: .attendingGP,
                priority: .normal,
                dueBy: "2026-11-29T23:59:59+01:00",
                now: now,
                basis: Assignment.Basis.none,
                reason: "nobody-covers-commune",
                patient: solange
            ),
            try item(
                "r4",
                .owned,
                dueBy: "2026-11-23T10:00:00+01:00",
                now: now,
                escalations: [
                    ToDoItem.Escalation(
                        at: try instant("2026-11-23T10:00:00+01:00"),
                        reason: .overdue,
                        told: [ToDoItem.Person(rpps: TestTerritory.referent, name: "Camille Moreau")]
                    )
                ],
                basis: Assignment.Basis.none,
                reason: Assignment.everybodyAsked,
                patient: solange
            ),
            try item(
                "r3",
                .owned,
                "Confirmer le retour à domicile",
                rule: "confirm-home-return",
                role: .referent,
                priority: .urgent,
                dueBy: "2026-11-23T23:59:59+01:00",
                now: now,
                basis: Assignment.Basis.none,
                reason: "referent-role",
                patient: marcel,
                pathway: "2f0e0d0c0b0a09080706050403020100"
            ),
        ]
        return ToDoPage(
            list(items, now: now, isReferent: true),
            try surroundings(PageHead.Badge(name: "Camille Moreau", role: "référent-parcours"), flash: .takenByAnother)
        )
    }

    static func empty() throws -> ToDoPage {
        ToDoPage(list([], now: try instant("2026-11-24T09:00:00+01:00")), try surroundings())
    }

    static func home() throws -> HomePage {
        let territory = try TerritoryFile.parse(yaml: TestTerritory.yaml(), file: "t.yaml")
        let accounts = [
            DemoAccount(rpps: TestTerritory.nurse, name: "Margaux Naud", role: .nurse),
            DemoAccount(rpps: TestTerritory.otherNurse, name: "Valérie Potier", role: .nurse),
            DemoAccount(rpps: TestTerritory.gp, name: "Jules Rousseau", role: .attendingGP),
            DemoAccount(rpps: TestTerritory.cardiology, name: "Laure Pelletier", role: .dischargingUnit),
            DemoAccount(rpps: TestTerritory.referent, name: "Camille Moreau", role: .referent),
        ]
        return HomePage(territory: territory, accounts: accounts, caller: nil, flash: Flash(.whoAreYou))
    }
}
