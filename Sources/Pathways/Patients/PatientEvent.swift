/// What can be recorded in a patient's stream by a decision.
public enum PatientEvent: Hashable, Sendable {
    case identified(PatientIdentified)
    case identityCorrected(IdentityCorrected)
    case oppositionRecorded(OppositionRecorded)
    case oppositionLifted(OppositionLifted)
    case visitRegistered(VisitRegistered)
    case dossierMoved(DossierMoved)
    case patientsMerged(PatientsMerged)
    case mergeUndone(MergeUndone)
    case consentRecorded(ConsentRecorded)
    case consentWithdrawn(ConsentWithdrawn)

    public var body: any EventBody {
        switch self {
        case .identified(let body): body
        case .identityCorrected(let body): body
        case .oppositionRecorded(let body): body
        case .oppositionLifted(let body): body
        case .visitRegistered(let body): body
        case .dossierMoved(let body): body
        case .patientsMerged(let body): body
        case .mergeUndone(let body): body
        case .consentRecorded(let body): body
        case .consentWithdrawn(let body): body
        }
    }
}
