/// Mails that were looked at and stay unread, since they are for a person: no report stands in them.
public struct PassedMails: Sendable, Hashable {
    /// For which the identifiers hold (UIDVALIDITY).
    private var validity: UInt32 = 0
    private var uids: Set<UInt32> = []

    public init() {}

    public func contains(_ uid: UInt32, validity: UInt32) -> Bool { validity == self.validity && uids.contains(uid) }

    /// Those of a mailbox that was made anew since are forgotten: their identifiers name other mails now.
    public mutating func insert(_ uid: UInt32, validity: UInt32) {
        if validity != self.validity { (self.validity, uids) = (validity, []) }
        uids.insert(uid)
    }
}
