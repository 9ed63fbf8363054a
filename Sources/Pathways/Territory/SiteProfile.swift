public import Foundation

/// How one sender departs from the rules of PAM France, agreed with the hospital. What is not said here is strict.
public struct SiteProfile: Sendable, Hashable {
    /// PID-18, the administrative file (NDA).
    public enum Account: String, Sendable, Hashable, CaseIterable {
        /// It must be there, as PAM France §5 asks.
        case required
        case optional
        /// The site numbers no visits: where PV1-19 is empty, the pathway is that of PID-18.
        case isVisit
    }

    /// Fields that a sender writes at the wrong place: from `field` on, each stands `by` places too far (1: what belongs in ZBE-4 comes in ZBE-5).
    public struct Shift: Sendable, Hashable {
        public let segment: String
        public let field: Int
        public let by: Int

        public init(segment: String, field: Int, by: Int) {
            self.segment = segment
            self.field = field
            self.by = by
        }
    }

    /// The character set of bytes that are not valid UTF-8, by its name in MSH-18; nil = as MSH-18 says.
    public var charset: String?
    /// The zone of times written without an offset; nil = the territory's.
    public var timeZone: TimeZone?
    public var account: Account
    /// ZBE may be incomplete: what is missing is derived from the trigger, EVN and PV1, and remarked.
    public var isZBELenient: Bool
    /// An INSERT of a known ZBE-1 with another trigger or instant corrects the movement, where the rule is to refuse it (AE 205).
    public var reinsertsUpdate: Bool
    public var shifts: [Shift]
    /// Authorities as the sender writes them → as they are kept: one hospital, one name.
    public var authorities: [String: String]
    /// The site's own codes of PV1-36 → where the patient goes.
    public var dispositions: [String: DischargeDestination]

    public init(
        charset: String? = nil,
        timeZone: TimeZone? = nil,
        account: Account = .required,
        isZBELenient: Bool = false,
        reinsertsUpdate: Bool = false,
        shifts: [Shift] = [],
        authorities: [String: String] = [:],
        dispositions: [String: DischargeDestination] = [:]
    ) {
        self.charset = charset
        self.timeZone = timeZone
        self.account = account
        self.isZBELenient = isZBELenient
        self.reinsertsUpdate = reinsertsUpdate
        self.shifts = shifts
        self.authorities = authorities
        self.dispositions = dispositions
    }

    /// The rules as PAM France writes them.
    public static let strict = SiteProfile()
}
