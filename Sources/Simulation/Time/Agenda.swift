import Timekeeping

/// What is to happen, by instant; at the same instant in the order in which it was noted. A binary heap.
struct Agenda<Step> {
    private struct Entry {
        let at: Int64
        let number: UInt64
        let step: Step

        func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : number < other.number }
    }

    private var heap: [Entry] = []
    private var noted: UInt64 = 0

    mutating func note(_ step: Step, at instant: Instant) {
        heap.append(Entry(at: instant.millisecondsSinceEpoch, number: noted, step: step))
        noted += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func takeNext() -> (at: Instant, step: Step)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (Instant(millisecondsSinceEpoch: first.at), first.step)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[smallest]) { smallest = child }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
