import Pathways

/// What an orphan waits for, as it is named in the table of what is held.
enum FeedParent: Hashable {
    /// The parent of a movement (ZBE-1).
    case movement(MovementID)
    /// The movement that is corrected.
    case correction(MovementID)
    /// The movement that is taken back.
    case cancellation(MovementID)
    /// That anything is known of the patient's number: the one that a merge retires.
    case patient
    /// A visit of the administrative file (NDA) that was moved.
    case dossier(LocalIdentifier)

    init(_ report: VisitReport) {
        switch report {
        case .movement(_, let movement, _): self = .movement(movement.id)
        case .correction(_, let movement, _): self = .correction(movement.id)
        case .cancellation(let id, _, _): self = .cancellation(id)
        }
    }

    var text: String {
        switch self {
        case .movement(let id): "movement|\(id.authority)|\(id.value)"
        case .correction(let id): "correction|\(id.authority)|\(id.value)"
        case .cancellation(let id): "cancellation|\(id.authority)|\(id.value)"
        case .patient: "patient"
        case .dossier(let account): "dossier|\(account.authority)|\(account.value)"
        }
    }
}
