/// What a new version of a site profile changes, in words for whoever publishes it.
public struct SiteProfileDifference: Sendable, Hashable {
    public let lines: [String]

    /// - Parameter old: nil for a profile that is new.
    public init(from old: SiteProfileFile?, to new: SiteProfileFile) {
        guard let old else {
            lines = ["+ site profile \(new.id), version \(new.version)"]
            return
        }
        var lines: [String] = []
        func compare<Value: Equatable>(_ name: String, _ before: Value, _ after: Value) {
            if before != after { lines.append("~ \(name)") }
        }
        if old.version != new.version { lines.append("~ version \(old.version) → \(new.version)") }
        compare("senders", old.senders, new.senders)
        compare("charset", old.profile.charset, new.profile.charset)
        compare("timeZone", old.profile.timeZone, new.profile.timeZone)
        compare("account", old.profile.account, new.profile.account)
        compare("zbe", old.profile.isZBELenient, new.profile.isZBELenient)
        compare("reinsert", old.profile.reinsertsUpdate, new.profile.reinsertsUpdate)
        compare("shifts", old.profile.shifts, new.profile.shifts)
        compare("authorities", old.profile.authorities, new.profile.authorities)
        compare("dispositions", old.profile.dispositions, new.profile.dispositions)
        self.lines = lines
    }
}
