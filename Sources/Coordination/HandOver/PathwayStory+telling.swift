import EventStore
import Pathways

extension PathwayStory {
    /// Tells another log all of it, under that log's own stream ids. Told again, it is no news.
    ///
    /// - Parameter takeOver: says that the other territory goes on with the pathway.
    func tell(_ takeOver: PathwayTakenOver, to work: inout UnitOfWork, by author: Author) throws {
        try tellPatients(to: &work, by: author)
        let reference = takeOver.pathway
        let stream = work.streams.pathway(reference.visit)
        for move in moves {
            let told = DossierMoved(
                account: move.account,
                from: work.streams.link(move.from.identifier),
                to: work.streams.link(move.to.identifier),
                statement: move.statement
            )
            _ = try work.move(told, by: author)
        }
        try work.decide(.takeOver(takeOver), on: stream, by: author)
        for command in pathway.restated(as: reference, under: try work.territory().protocols) {
            if case .report(let report, let reference) = command {
                let named = reference.named.map { work.streams.reference(visit: reference.visit, patient: $0.identifier) }
                try work.report(report, named ?? reference, account: account, by: author)
            } else {
                try work.decide(command, on: stream, by: author)
            }
        }
        for claim in pathway.claims {
            let claimed = work.streams.reference(visit: reference.visit, patient: claim.pathway.patient)
            try work.report(claim.report, claimed, account: account, by: author)
        }
    }

    private func tellPatients(to work: inout UnitOfWork, by author: Author) throws {
        for (identifier, patient) in numbers.sorted(by: { $0.key < $1.key }) {
            let stream = work.streams.patient(identifier)
            for statement in patient.statements { try work.identify(statement, on: stream, by: author) }
            let known = try work.patient(stream)
            for correction in patient.corrections where !known.corrections.contains(correction) {
                try work.decide(.identityCorrected(correction), on: stream, by: author)
            }
            // Masked there as here; a lifting that came meanwhile is told by the patient where they are now.
            if let opposition = patient.opposition { try work.decide(.oppositionRecorded(opposition), on: stream, by: author) }
        }
        let changes = Set(numbers.values.flatMap(\.linkChanges)).sorted { $0.statement < $1.statement }
        for change in changes {
            let retired = work.streams.link(change.retired.identifier)
            let survivor = work.streams.link(change.survivor.identifier)
            switch change {
            case .merged(let body):
                _ = try work.merge(PatientsMerged(retired: retired, survivor: survivor, statement: body.statement), by: author)
            case .undone(let body):
                let undone = MergeUndone(retired: retired, survivor: survivor, statement: body.statement, by: body.by)
                try work.undoMerge(undone, by: author)
            }
        }
    }
}
