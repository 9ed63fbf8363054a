import EventStore

/// What was read of the topic `.log` and not given out yet: parts of batches in the making, and sealed ones in order.
struct PendingBatches {
    /// Attachments and commands of one attempt to hand a batch over.
    struct Parts {
        var epoch: Int64
        var firstOffset: Int64
        var attachments: [ReplicatedAttachment] = []
        var commands: [ReplicatedCommand] = []
        var bytes = 0
    }

    /// A batch whose seal was read.
    struct Sealed {
        var seal: BatchSeal
        var parts: Parts
        var offset: Int64
    }

    private var open: [UInt64: Parts] = [:]
    private var sealed: [Sealed] = []
    private var start = 0
    /// The first offset that was not read yet.
    private(set) var next: Int64
    private(set) var bytes = 0

    private static let overhead = 256

    init(next: Int64) { self.next = next }

    /// The sealed batch that comes next.
    var first: Sealed? { start < sealed.count ? sealed[start] : nil }

    mutating func read(_ offset: Int64) { next = offset.saturatingSuccessor }

    /// - Returns: how many records of given up attempts were dropped: a writer has one attempt at a time.
    mutating func add(_ attachment: ReplicatedAttachment, _ epoch: Int64, _ attempt: UInt64, at offset: Int64) -> Int {
        let dropped = begin(epoch, attempt, at: offset)
        let size = attachment.bytes.count + Self.overhead
        open[attempt]?.attachments.append(attachment)
        open[attempt]?.bytes += size
        bytes += size
        return dropped
    }

    /// As for an attachment.
    mutating func add(_ command: ReplicatedCommand, _ epoch: Int64, _ attempt: UInt64, at offset: Int64) -> Int {
        let dropped = begin(epoch, attempt, at: offset)
        let size = command.answer.count + Self.overhead
        open[attempt]?.commands.append(command)
        open[attempt]?.bytes += size
        bytes += size
        return dropped
    }

    /// - Returns: how many records were dropped, of attempts that cannot be sealed any more.
    /// - Throws: ``StreamingError`` `missingRecords` if parts of the batch were not read.
    mutating func seal(_ seal: BatchSeal, at offset: Int64) throws(StreamingError) -> Int {
        let none = Parts(epoch: seal.epoch, firstOffset: offset)
        let parts = open.removeValue(forKey: seal.attempt) ?? none
        guard parts.attachments.count == seal.attachmentCount, parts.commands.count == seal.commandCount else {
            throw .missing("Attachments or commands of a batch are not all there", position: seal.first)
        }
        sealed.append(Sealed(seal: seal, parts: parts, offset: offset))
        return drop { $0.epoch <= seal.epoch }
    }

    mutating func removeFirst() {
        guard start < sealed.count else { return }
        bytes -= sealed[start].parts.bytes
        sealed[start].parts = Parts(epoch: 0, firstOffset: 0)
        start += 1
        if start > 64, start * 2 > sealed.count {
            sealed.removeFirst(start)
            start = 0
        }
    }

    /// Lets go of what replaced writers left, or of one attempt.
    mutating func drop(_ isOver: (Parts) -> Bool) -> Int {
        var dropped = 0
        for (attempt, parts) in open where isOver(parts) {
            open[attempt] = nil
            bytes -= parts.bytes
            dropped += parts.attachments.count + parts.commands.count
        }
        return dropped
    }

    mutating func drop(attempt: UInt64) -> Int {
        guard let parts = open.removeValue(forKey: attempt) else { return 0 }
        bytes -= parts.bytes
        return parts.attachments.count + parts.commands.count
    }

    /// Where reading must begin again after a restart.
    var firstNeeded: Int64 {
        let openFirst = open.values.map(\.firstOffset).min() ?? next
        return min(openFirst, first?.parts.firstOffset ?? next, next)
    }

    private mutating func begin(_ epoch: Int64, _ attempt: UInt64, at offset: Int64) -> Int {
        guard open[attempt] == nil else { return 0 }
        let dropped = drop { $0.epoch == epoch }
        open[attempt] = Parts(epoch: epoch, firstOffset: offset)
        return dropped
    }
}
