public import Pathways
public import Timekeeping

/// One thing to do for a person. Each is done and kept before the next is thought of.
public enum DispatchStep: Hashable, Sendable {
    /// News that are not told after all.
    case end([NewsKey], as: NewsFate)
    /// A message is kept, with its news.
    case form(OutboxMessage)
    /// A message is handed to a channel. Its delivery is that of this channel already.
    case attempt(OutboxMessage, via: ChannelAddress)
    /// A message gets on without an attempt: it goes over to the next channel, is given up, or there is nothing to remind of any more.
    case save(Delivery, of: OutboxMessage)
    /// What became of a message is told to the log.
    case record(OutboxMessage)

    /// What comes next for a person.
    public enum Next: Hashable, Sendable {
        case step(DispatchStep)
        /// Nothing until then; nil for nothing until something new comes in.
        case rest(until: Instant?)
    }
}
