/// How a patient leaves, in the codes of the PMSI (PAM France, ZFM).
public enum HospitalExit: Sendable, Hashable, CaseIterable {
    case home, smr, ehpad, had, transfer, againstAdvice, death

    /// ZFM-2 and ZFM-4.
    var codes: (mode: String, destination: String?) {
        switch self {
        case .home: ("8", nil)
        case .smr: ("8", "2")
        case .ehpad: ("8", "7")
        case .had: ("8", "6")
        case .transfer: ("7", "1")
        case .againstAdvice: ("4", nil)
        case .death: ("9", nil)
        }
    }
}
