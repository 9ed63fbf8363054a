/// Places of records in a partition that are still needed, in the order in which they were read.
struct PartitionQueue {
    private struct Entry {
        var offset: Int64
        var position: Int64
    }

    private var entries: [Entry] = []
    private var start = 0
    /// The first offset that was not read yet.
    private(set) var next: Int64
    /// Of the record read last.
    private(set) var lastPosition: Int64 = 0
    private(set) var lastEpoch: Int64 = -1

    init(next: Int64) { self.next = next }

    mutating func read(_ offset: Int64, position: Int64, epoch: Int64, isNeeded: Bool) {
        next = offset.saturatingSuccessor
        (lastPosition, lastEpoch) = (position, epoch)
        if isNeeded { entries.append(Entry(offset: offset, position: position)) }
    }

    /// Where reading must begin again after a restart, once all through `position` is kept.
    mutating func firstNeeded(after position: Int64) -> Int64 {
        while start < entries.count, entries[start].position <= position { start += 1 }
        if start > 1_024, start * 2 > entries.count {
            entries.removeFirst(start)
            start = 0
        }
        return start < entries.count ? entries[start].offset : next
    }
}

extension Int64 {
    /// The number after this one; the largest stays what it is.
    var saturatingSuccessor: Int64 { self == .max ? self : self + 1 }
}
