import Pathways
import Timekeeping

extension OutboxNews {
    /// How often somebody is reminded at most.
    static let mostReminders = 2

    /// Whether it is to be told, and in no message yet.
    var isWaiting: Bool { message == nil && ended == nil }

    /// Whether it was told, and an answer was asked for and is to come: reminded of, it may be.
    var isUnanswered: Bool { toldAt != nil && ended == nil && news.answerBy != nil && reminders < Self.mostReminders }

    /// As ``isUnanswered``, while there is time left to answer.
    func isUnanswered(at instant: Instant) -> Bool { isUnanswered && (news.answerBy.map { $0 > instant } ?? false) }

    /// When its next reminder may be due: half of the time to answer after it was told, then three quarters; nil if there is none to come.
    var reminderAt: Instant? {
        guard isUnanswered, let toldAt, let answerBy = news.answerBy else { return nil }
        let time = answerBy.milliseconds(since: toldAt)
        return toldAt.adding(milliseconds: reminders == 0 ? time / 2 : time - time / 4)
    }

    /// Milliseconds: of less time to answer nobody is reminded.
    static let shortestToRemind: Int64 = 3_600_000

    /// Whether the first reminder of it is certainly still to come: half of the time to answer is not over, and is long enough.
    func isOwedReminder(at instant: Instant) -> Bool {
        guard isUnanswered, reminders == 0, let toldAt, let answerBy = news.answerBy else { return false }
        let time = answerBy.milliseconds(since: toldAt)
        return time >= Self.shortestToRemind && instant < toldAt.adding(milliseconds: time / 2)
    }
}

extension Delivery {
    /// Whether what ends may still leave it.
    var isUntouched: Bool {
        switch state {
        case .waiting, .parked: !mayBeOut
        case .handedOver, .failed, .settled, .cancelled: false
        }
    }

    /// What is kept when it is saved after another one; nil if it comes too late.
    func kept(after former: Delivery) -> Delivery? {
        var kept = self
        switch (former.state, state) {
        // What was cancelled stays so, unless a channel took it.
        case (.cancelled, .handedOver), (.cancelled, .cancelled): break
        case (.cancelled, _): return nil
        // Begun anew: what a channel may have had of it, it may have still.
        case (.settled, .waiting): kept.mayBeOut = mayBeOut || former.mayBeOut
        default: break
        }
        return kept
    }
}

extension NewsEnding {
    /// Whether it is about the pathway as such, and everybody: news of another stream's events may be about that too, and come late.
    var isOfWholePathway: Bool { followUp == nil && recipients == nil }
}
