/// What can be recorded in a patient's stream by a decision.
public enum PatientEvent: Hashable, Sendable {
    case identified(PatientIdentified)
    case identityCorrected(IdentityCorrected)
    case oppositionRecorded(OppositionRecorded)
    case oppositionLifted(OppositionLifted)

    public var body: any EventBody {
        switch self {
        case .identified(let body): body
        case .identityCorrected(let body): body
        case .oppositionRecorded(let body): body
        case .oppositionLifted(let body): body
        }
    }
}
