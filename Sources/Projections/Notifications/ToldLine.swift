public import Pathways
public import Timekeeping

/// One line of the ledger: one news, told to one person in one message, what became of the message, and what the person did then.
public struct ToldLine: Hashable, Sendable {
    public let recipient: ToDoItem.Person
    /// Which event was told, as what, of which pathway and follow-up.
    public let item: ToldItem
    /// All that is known of the message; of what it told, only this line's item.
    public let message: MessageRecord
    /// Of the first fact of the message.
    public let position: Int64
    /// Who was told that the message cannot be brought; nil where nobody was.
    public let told: ToDoItem.Person?
    /// What the person did first of it once they had been told, of the same follow-up or of the pathway as a whole; nil if nothing, or if
    /// they never were told.
    public let acted: LedgerAct?

    /// Nil of a message that no channel ever took.
    public var urgency: News.Urgency? { message.urgency }
    /// How often they were reminded.
    public var reminder: Int { message.handOvers.map(\.reminder).max() ?? 0 }
    public var handOvers: [MessageRecord.HandOver] { message.handOvers }
    public var handedOverAt: Instant? { message.handedOverAt }
    public var deliveredAt: Instant? { message.deliveredAt }
    /// The earliest.
    public var opened: MessageOpened? { message.openings.min { $0.at < $1.at } }
    public var bounces: [MessageBounced] { message.bounces }
    public var undeliverable: MessageUndeliverable? { message.undeliverable }
    public var stage: MessageRecord.Stage { message.stage }
}
