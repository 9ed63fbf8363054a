import Coordination
import FrenchText
import Timekeeping

extension FormBody {
    /// What a clock on another machine may be ahead of ours.
    static let clockTolerance: Int64 = 5

    /// The key that makes sending the form twice act once; nil if it has none (it is then idempotent by its own nature).
    ///
    /// - Parameter purpose: the action and what it acts on: one page has one key and several forms.
    func requestKey(_ purpose: String) -> RequestKey? {
        guard let key = self["cle"], key.utf8.count <= 64 else { return nil }
        return RequestKey(key: "page/\(key)/\(purpose)", body: bytes)
    }

    /// What somebody adds in their own words; nil if nothing.
    /// - Throws: `FormFault`.
    func note() throws(FormFault) -> String? {
        let note = self["note"]
        guard note.map({ $0.count <= FollowUpRoutes.noteLimit }) ?? true else { throw FormFault(.noteTooLong) }
        return note
    }

    /// When something was done: not in the future. An empty field means now.
    /// - Throws: `FormFault`.
    func instant(_ name: String, _ clock: FrenchClock, _ now: Instant) throws(FormFault) -> Instant {
        guard let text = self[name] else { return now }
        guard let instant = clock.instant(fieldValue: text) else { throw FormFault(.dateUnreadable) }
        guard instant <= now.adding(minutes: Self.clockTolerance) else { throw FormFault(.dateInFuture) }
        return instant
    }
}
