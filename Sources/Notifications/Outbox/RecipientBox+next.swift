import Pathways
import Timekeeping

extension RecipientBox {
    /// Lanes in which nothing new is formed before a message is through.
    var openLanes: Set<Lane> { Set(messages.map(Lane.init(of:))) }

    /// What is left of it where only the next step is asked for: in a lane in which a message is open, it is that message; where urgent news
    /// wait, it is one of these; of whom nobody is to be reminded yet, it is known when that will be.
    func forNextStep(at instant: Instant) -> RecipientBox {
        let open = openLanes
        let waiting = waiting.filter { !open.contains(Lane(of: $0.news.urgency)) }
        let unanswered = open.contains(.routine) || waiting.contains { $0.news.urgency == .urgent } ? [] : unanswered
        return RecipientBox(
            recipient: recipient,
            revision: revision,
            waiting: waiting,
            messages: messages,
            unanswered: unanswered.filter { $0.reminderAt.map { $0 <= instant } ?? false },
            remindersAfter: unanswered.compactMap(\.reminderAt).filter { $0 > instant }.min(),
            recentRoutine: waiting.contains { $0.news.urgency == .routine } ? recentRoutine : [],
            ended: ended,
            doubtful: waiting.isEmpty ? [] : doubtful
        )
    }
}
