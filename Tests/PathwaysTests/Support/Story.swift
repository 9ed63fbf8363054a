import Pathways
import Timekeeping

/// What a hospital says of one visit, in the order in which it said it: each report was made after the one before.
struct Story: Sendable, CustomStringConvertible {
    let description: String
    private(set) var reports: [VisitReport] = []

    init(_ description: String) { self.description = description }

    /// The first `count` of its reports.
    func prefix(_ count: Int) -> Story {
        var story = self
        story.reports = Array(reports.prefix(count))
        return story
    }

    private var statement: Statement {
        let made = Example.instant("2026-10-01T00:00:00+02:00").adding(minutes: Int64(reports.count))
        return Statement(recordedAt: made, sentAt: made, controlID: "M\(reports.count)", digest: "0123456789abcdef")
    }

    private func movement(_ id: String, _ at: String, _ unit: String?, _ patientClass: PatientClass?, _ expected: String?) -> Movement {
        Movement(
            id: MovementID(authority: "850099995/V0042", value: id),
            effectiveAt: Example.instant(at),
            unit: unit.map { MedicalUnitReference(code: $0, authority: "850099995") },
            patientClass: patientClass,
            expectedAt: expected.map(Example.instant),
            statement: statement
        )
    }

    func insert(
        _ kind: MovementKind,
        _ id: String,
        _ at: String,
        unit: String? = nil,
        in patientClass: PatientClass? = nil,
        expecting: String? = nil,
        to destination: DischargeDestination? = nil,
        mode: DischargeMode? = nil
    ) -> Story {
        adding(.movement(kind, movement(id, at, unit, patientClass, expecting), mode ?? destination.map(Self.mode(to:))))
    }

    func correct(
        _ kind: MovementKind,
        _ id: String,
        _ at: String,
        unit: String? = nil,
        in patientClass: PatientClass? = nil,
        to destination: DischargeDestination? = nil,
        mode: DischargeMode? = nil
    ) -> Story {
        adding(.correction(kind, movement(id, at, unit, patientClass, nil), mode ?? destination.map(Self.mode(to:))))
    }

    /// With the code of « domicile », which is more than what is read from none.
    private static func mode(to destination: DischargeDestination) -> DischargeMode {
        DischargeMode(destination: destination, exitMode: destination == .home ? "8" : nil)
    }

    func cancel(_ kind: MovementKind, _ id: String) -> Story {
        adding(.cancellation(MovementID(authority: "850099995/V0042", value: id), kind, statement))
    }

    private func adding(_ report: VisitReport) -> Story {
        var story = self
        story.reports.append(report)
        return story
    }

    /// The visit once all of it was told, in this order.
    var told: Pathway { Self.tell(reports) }

    static func tell(_ reports: [VisitReport]) -> Pathway {
        reports.reduce(into: Pathway()) { pathway, report in
            for event in Given.events(.report(report, Example.reference), pathway) { pathway.evolve(with: event) }
        }
    }
}

extension Given {
    /// What a command makes happen; nothing if it is refused.
    static func events(_ command: PathwayCommand, _ state: Pathway, under protocols: ProtocolLibrary = Example.protocols) -> [PathwayEvent] {
        (try? decide(command, given: state, under: protocols)) ?? []
    }
}
