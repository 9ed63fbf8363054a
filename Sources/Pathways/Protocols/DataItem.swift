/// One thing that whoever gets a follow-up must be told (minimum data set). Files may name only these.
public struct DataItem: RawRepresentable, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    private enum Item: String, CaseIterable {
        case identity
        case insStatus = "ins-status"
        case address, phone, caregiver
        case stayReason = "stay-reason"
        case stayDates = "stay-dates"
        case staySummary = "stay-summary"
        case careAsked = "care-asked"
        case careDuration = "care-duration"
        case firstVisitBy = "first-visit-by"
        case watchPoints = "watch-points"
        case whoToCall = "who-to-call"
        case prescription, pharmacy, equipment
        case declaredGP = "declared-gp"
        case declaredNurse = "declared-nurse"
        case homeHelp = "home-help"
        case consent
    }

    private let item: Item

    private init(item: Item) {
        self.item = item
    }

    /// `nil` for a name that is not of the list.
    public init?(rawValue: String) {
        guard let item = Item(rawValue: rawValue) else { return nil }
        self.item = item
    }

    /// Names, birth date, sex.
    public static let identity = DataItem(item: .identity)
    /// Whether the INS is qualified.
    public static let insStatus = DataItem(item: .insStatus)
    /// Address of the care, commune, entry code.
    public static let address = DataItem(item: .address)
    public static let phone = DataItem(item: .phone)
    public static let caregiver = DataItem(item: .caregiver)
    public static let stayReason = DataItem(item: .stayReason)
    public static let stayDates = DataItem(item: .stayDates)
    /// What was done in hospital.
    public static let staySummary = DataItem(item: .staySummary)
    /// Kind and frequency.
    public static let careAsked = DataItem(item: .careAsked)
    public static let careDuration = DataItem(item: .careDuration)
    /// The latest instant of the first visit.
    public static let firstVisitBy = DataItem(item: .firstVisitBy)
    /// What must alarm the visitor.
    public static let watchPoints = DataItem(item: .watchPoints)
    /// Whom to call, with hours.
    public static let whoToCall = DataItem(item: .whoToCall)
    /// Whether a prescription exists and where it was sent.
    public static let prescription = DataItem(item: .prescription)
    public static let pharmacy = DataItem(item: .pharmacy)
    /// Whether equipment was ordered.
    public static let equipment = DataItem(item: .equipment)
    public static let declaredGP = DataItem(item: .declaredGP)
    public static let declaredNurse = DataItem(item: .declaredNurse)
    public static let homeHelp = DataItem(item: .homeHelp)
    /// Consent to sharing, or opposition.
    public static let consent = DataItem(item: .consent)

    public static var allCases: [DataItem] { Item.allCases.map(DataItem.init(item:)) }

    public var rawValue: String { item.rawValue }
    public var description: String { rawValue }

    /// The label shown on screens.
    public var frenchName: String {
        switch item {
        case .identity: "identité"
        case .insStatus: "état de l’INS"
        case .address: "adresse et accès"
        case .phone: "téléphone"
        case .caregiver: "aidant"
        case .stayReason: "motif du séjour"
        case .stayDates: "dates du séjour"
        case .staySummary: "ce qui a été fait"
        case .careAsked: "soins demandés"
        case .careDuration: "durée des soins"
        case .firstVisitBy: "première visite avant"
        case .watchPoints: "points de vigilance"
        case .whoToCall: "qui appeler"
        case .prescription: "ordonnance"
        case .pharmacy: "pharmacie"
        case .equipment: "matériel"
        case .declaredGP: "médecin traitant déclaré"
        case .declaredNurse: "infirmier·ère habituel·le"
        case .homeHelp: "aide à domicile"
        case .consent: "consentement"
        }
    }
}
