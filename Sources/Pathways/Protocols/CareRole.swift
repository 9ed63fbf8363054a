/// What someone does in a pathway: the kind of professional a follow-up is for. An open list: a territory may use roles not named here.
public struct CareRole: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name in files and events, as `attending-gp`.
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let attendingGP = CareRole(rawValue: "attending-gp")
    public static let nurse = CareRole(rawValue: "nurse")
    public static let advancedPracticeNurse = CareRole(rawValue: "advanced-practice-nurse")
    public static let pharmacist = CareRole(rawValue: "pharmacist")
    public static let midwife = CareRole(rawValue: "midwife")
    public static let cardiologist = CareRole(rawValue: "cardiologist")
    public static let pulmonologist = CareRole(rawValue: "pulmonologist")
    public static let surgeon = CareRole(rawValue: "surgeon")
    public static let physiotherapist = CareRole(rawValue: "physiotherapist")
    public static let speechTherapist = CareRole(rawValue: "speech-therapist")
    public static let occupationalTherapist = CareRole(rawValue: "occupational-therapist")
    public static let dietitian = CareRole(rawValue: "dietitian")
    public static let podiatrist = CareRole(rawValue: "podiatrist")
    public static let psychologist = CareRole(rawValue: "psychologist")
    public static let socialWorker = CareRole(rawValue: "social-worker")
    /// The hospital unit that the patient leaves.
    public static let dischargingUnit = CareRole(rawValue: "discharging-unit")
    /// The référent-parcours: owner of last resort of every pathway of the territory.
    public static let referent = CareRole(rawValue: "referent")

    /// The roles that have a French name of their own.
    public static let known: [CareRole] = [
        .attendingGP, .nurse, .advancedPracticeNurse, .pharmacist, .midwife, .cardiologist, .pulmonologist, .surgeon, .physiotherapist,
        .speechTherapist, .occupationalTherapist, .dietitian, .podiatrist, .psychologist, .socialWorker, .dischargingUnit, .referent,
    ]

    /// The label shown on screens, without article; for a role outside `known`, its raw value with spaces.
    public var frenchName: String {
        switch self {
        case .attendingGP: "médecin traitant"
        case .nurse: "infirmier·ère"
        case .advancedPracticeNurse: "infirmier·ère en pratique avancée"
        case .pharmacist: "pharmacien·ne"
        case .midwife: "sage-femme"
        case .cardiologist: "cardiologue"
        case .pulmonologist: "pneumologue"
        case .surgeon: "chirurgien·ne"
        case .physiotherapist: "kinésithérapeute"
        case .speechTherapist: "orthophoniste"
        case .occupationalTherapist: "ergothérapeute"
        case .dietitian: "diététicien·ne"
        case .podiatrist: "pédicure-podologue"
        case .psychologist: "psychologue"
        case .socialWorker: "assistant·e de service social"
        case .dischargingUnit: "service de sortie"
        case .referent: "référent-parcours"
        default: rawValue.replacing("-", with: " ")
        }
    }

    public var description: String { rawValue }
}
