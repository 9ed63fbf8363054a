public import Foundation

/// How one sender departs from the rules, agreed with the hospital. What is not said here is strict.
public struct SiteProfile: Sendable, Hashable {
    /// The zone of times written without an offset; nil = the territory's.
    public var timeZone: TimeZone?
    /// PID-18 (the administrative file, NDA) must be there, as PAM France §5 asks.
    public var requiresAccount: Bool
    /// The site numbers no visits: where PV1-19 is empty, the pathway is that of PID-18.
    public var usesAccountAsVisit: Bool

    public init(timeZone: TimeZone? = nil, requiresAccount: Bool = true, usesAccountAsVisit: Bool = false) {
        self.timeZone = timeZone
        self.requiresAccount = requiresAccount
        self.usesAccountAsVisit = usesAccountAsVisit
    }

    /// The rules as PAM France writes them.
    public static let strict = SiteProfile()
}
