import Pathways

/// What a report will do to a pathway, known before it is recorded: the message's own event comes first in the log and says it.
struct ForeseenEffect {
    /// It waits for its parent.
    let isHeld: Bool
    let warnings: [IntakeWarning]

    /// - Throws: `Rejection` if the pathway refuses the report.
    init(
        of report: VisitReport,
        _ reference: PathwayReference,
        on pathway: Pathway,
        under protocols: ProtocolLibrary
    ) throws(Rejection) {
        let events = try Pathways.decide(.report(report, reference), given: pathway, under: protocols)
        if case .movementHeld = events.first { isHeld = true } else { isHeld = pathway.history.held.contains(report) }
        var warnings: [IntakeWarning] = []
        if case .movement(_, let movement, _) = report, pathway.knows(movement.id) { warnings.append(IntakeWarning(.movementRepeated, at: "ZBE-1")) }
        if Self.dischargesBeforeAdmission(events, pathway) { warnings.append(IntakeWarning(.dischargeBeforeAdmission, at: "ZBE-2")) }
        self.warnings = warnings
    }

    /// Whether a discharge that the report states, or releases, lies before the admission.
    private static func dischargesBeforeAdmission(_ events: [PathwayEvent], _ pathway: Pathway) -> Bool {
        let discharges = events.compactMap { event in
            if case .patientDischarged(let body) = event { body.movement.effectiveAt } else { nil }
        }
        guard !discharges.isEmpty else { return false }
        var after = pathway
        for event in events { after.evolve(with: event) }
        guard let admittedAt = after.stay.admittedAt else { return false }
        return discharges.contains { $0 < admittedAt }
    }
}
