import Coordination
import EventStore
import Pathways
import Timekeeping

/// What a translation does to the log: the facts of patients and pathways that its message states, added to a unit of work.
struct StatedFacts {
    let translation: Translation
    let profile: SiteProfile
    let streams: StreamNames

    /// What came of them.
    struct Effect {
        /// `orphan` where something waits for its parent; else as translated.
        var outcome: MessageOutcome
        /// Beside those of the translation.
        var warnings: [IntakeWarning] = []
        /// The pathway spoken of.
        var pathway: StreamID?
    }

    /// - Parameter author: of the facts: the sender, at the time of what is told, caused by the event that keeps the message.
    /// - Throws: `Rejection` if the domain refuses; nothing of it may be kept then.
    func apply(in work: inout UnitOfWork, by author: Author) throws -> Effect {
        var effect = Effect(outcome: translation.outcome)
        effect.pathway = translation.reference.map { streams.pathway($0.visit) }
        if let identity = translation.identity {
            // The reference holds the patient's stream already, when there is one.
            let named = translation.reference.flatMap { StreamID(hex: $0.patientStream) }
            try work.identify(identity, on: named ?? streams.patient(identity.identity.identifier), by: author)
        }
        for merge in translation.merges where try !work.merge(merge, by: author) { effect.outcome = .orphan }
        if let move = translation.move, try !work.move(move, by: author) { effect.outcome = .orphan }
        guard let reference = translation.reference, let report = try recalled(in: &work) else { return effect }
        let isReinserted = try isReinserted(report, reference, in: &work)
        let done = try work.report(isReinserted ? report.asCorrection : report, reference, account: translation.account, by: author)
        effect.pathway = done.pathway
        if done.isHeld { effect.outcome = .orphan }
        if done.completesMovement || isReinserted { effect.warnings.append(IntakeWarning(.movementRepeated, at: "ZBE-1")) }
        if done.dischargesBeforeAdmission { effect.warnings.append(IntakeWarning(.dischargeBeforeAdmission, at: "ZBE-2")) }
        return effect
    }

    /// A movement may have a number in each of several namespaces: it is taken back under any of them.
    private func recalled(in work: inout UnitOfWork) throws -> VisitReport? {
        guard case .cancellation(let id, let kind, let statement) = translation.report, !translation.otherMovements.isEmpty,
            let reference = translation.reference
        else { return translation.report }
        let pathway = try work.pathway(streams.pathway(reference.visit))
        let known = ([id] + translation.otherMovements).first { pathway.knows($0) }
        return .cancellation(known ?? id, kind, statement)
    }

    /// Where the site corrects a movement by inserting it again, an INSERT of one that is known, or waits, is a correction.
    private func isReinserted(_ report: VisitReport, _ reference: PathwayReference, in work: inout UnitOfWork) throws -> Bool {
        guard profile.reinsertsUpdate, case .movement(_, let movement, _) = report else { return false }
        let pathway = try work.pathway(streams.pathway(reference.visit))
        return pathway.knows(movement.id) || pathway.history.held.contains { $0.movementID == movement.id }
    }
}

extension VisitReport {
    /// What it states, said of a movement that is known.
    fileprivate var asCorrection: VisitReport {
        if case .movement(let kind, let movement, let mode) = self { .correction(kind, movement, mode) } else { self }
    }
}
