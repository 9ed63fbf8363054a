public import EventStore

/// What a relay does next: a state machine without I/O. Its shell does each ``step`` and tells how it ended.
///
/// The topic is the truth: whenever it is not known what became of a transaction, the producer is made anew, which ends what is open, and
/// the end of the topic `.log` is read again. So no batch is left out, and one that comes twice is the same.
public struct RelayPlan: Sendable, Hashable {
    /// To be done next.
    public enum Step: Sendable, Hashable {
        /// Make a producer, and fence off those before it.
        case takeOver
        /// Read where the topic ends.
        case findEnd
        /// Say, in a transaction of its own, that this is the writer from here on.
        case announce(WriterAnnouncement)
        /// Hand over the batch after the checkpoint, its keys first.
        case handOver(after: ReplicationCheckpoint)
        /// Until the log has more, or a key changed.
        case wait(after: ReplicationCheckpoint)
        /// Pause as after this many failures in a row, then go on.
        case pause(failures: Int)
        /// Nothing more can be done.
        case stop(StreamingError)
    }

    /// How a step ended.
    public enum Outcome: Sendable, Hashable {
        case tookOver
        /// nil if nothing was ever handed over.
        case foundEnd(TopicEnd?)
        /// At this offset in `.log`.
        case announced(at: Int64)
        case handedOver(ReplicationCheckpoint)
        case nothingNew
        case waited
        case paused
        /// The transaction was taken back, or never begun: nothing of it counts.
        case failed
        /// Whether the transaction counts is not known, or the producer is of no use any more.
        case unsure
        /// Another producer has the transactional id.
        case fenced
    }

    public private(set) var step = Step.takeOver
    /// Offset in `.log` of the announcement of this writer; nil if there is none.
    public private(set) var writerAt: Int64?
    /// Steps that failed in a row.
    public private(set) var failures = 0

    /// What to do after a pause.
    private var postponed = Step.takeOver
    private var isFenced = false
    /// The log's; it may rise while the relay runs.
    private var epoch: Int64

    /// Openings of a log count in the lower half of its epoch, writers that took over in the upper one.
    private static let lineBits: Int64 = 32

    /// - Parameter epoch: of the log to hand over.
    public init(epoch: Int64) { self.epoch = epoch }

    /// Tells how the present step ended, which sets the next.
    ///
    /// - Parameter epoch: the log's, now.
    public mutating func completed(_ outcome: Outcome, epoch: Int64) {
        self.epoch = epoch
        switch outcome {
        case .tookOver: step = .findEnd
        case .foundEnd(let end): begin(after: end)
        case .announced(let offset):
            writerAt = offset
            failures = 0
            if case .announce(let writer) = step { step = .handOver(after: writer.checkpoint) }
        case .handedOver(let checkpoint):
            failures = 0
            step = .handOver(after: checkpoint)
        case .nothingNew:
            failures = 0
            if case .handOver(let checkpoint) = step { step = .wait(after: checkpoint) }
        case .waited:
            if case .wait(let checkpoint) = step { step = .handOver(after: checkpoint) }
        case .paused: step = postponed
        case .failed: postpone(step)
        case .unsure: postpone(isFenced ? .findEnd : .takeOver)
        case .fenced:
            // Who did it is only known from the topic.
            isFenced = true
            step = .findEnd
        }
    }

    private mutating func postpone(_ next: Step) {
        failures += 1
        postponed = next
        step = .pause(failures: failures)
    }

    private mutating func begin(after end: TopicEnd?) {
        if let end, end.epoch > epoch {
            step = .stop(.replaced(by: end.epoch, own: epoch))
            return
        }
        guard !isFenced else {
            step = .stop(.fencedOff)
            return
        }
        guard let end else {
            step = .handOver(after: ReplicationCheckpoint())
            return
        }
        writerAt = end.writerAt
        guard end.epoch >> Self.lineBits < epoch >> Self.lineBits else {
            step = .handOver(after: end.checkpoint)
            return
        }
        // This log was promoted or restored and the topic does not know. It may number commands otherwise than the writer before:
        // all of them go again, and who has them passes them over.
        var checkpoint = end.checkpoint
        checkpoint.cursor.command = 0
        step = .announce(
            WriterAnnouncement(
                epoch: epoch,
                checkpoint: checkpoint,
                previousEpoch: end.epoch,
                previousCheckpoint: end.checkpoint,
                previousAt: end.writerAt
            )
        )
    }
}
