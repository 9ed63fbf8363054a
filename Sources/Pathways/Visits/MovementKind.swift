/// What a movement does to a visit. The raw value is the word in the log.
public enum MovementKind: String, Hashable, Sendable, CaseIterable {
    case preadmission
    case admission
    /// A04 with PV1-2 `E` or `O`: an emergency or outpatient visit, which is no stay and starts no follow-up.
    case emergencyVisit
    case transfer
    case discharge

    /// Breaks the tie between movements of one instant: a story is told in this order.
    var rank: Int {
        switch self {
        case .preadmission: 0
        case .emergencyVisit: 1
        case .admission: 2
        case .transfer: 3
        case .discharge: 4
        }
    }

    /// Whether a visit can begin with it. The others wait (as orphans) until one of these is known.
    var beginsVisit: Bool {
        switch self {
        case .preadmission, .admission, .emergencyVisit: true
        case .transfer, .discharge: false
        }
    }
}
