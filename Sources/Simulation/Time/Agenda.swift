import Timekeeping

/// What is to happen, by instant; at the same instant in the order in which it was noted. A binary heap, of places rather than of steps,
/// which are large.
struct Agenda<Step> {
    private struct Entry {
        let at: Int64
        let number: UInt64
        /// In ``steps``.
        let place: Int

        func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : number < other.number }
    }

    private var heap: [Entry] = []
    private var steps: [Step?] = []
    private var freePlaces: [Int] = []
    private var noted: UInt64 = 0

    mutating func note(_ step: Step, at instant: Instant) {
        heap.append(Entry(at: instant.millisecondsSinceEpoch, number: noted, place: keep(step)))
        noted += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func keep(_ step: Step) -> Int {
        if let place = freePlaces.popLast() {
            steps[place] = step
            return place
        }
        steps.append(step)
        return steps.count - 1
    }

    mutating func takeNext() -> (at: Instant, step: Step)? {
        guard let first = heap.first, let step = steps[first.place], let last = heap.popLast() else { return nil }
        steps[first.place] = nil
        freePlaces.append(first.place)
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (Instant(millisecondsSinceEpoch: first.at), step)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var smallest = parent
            let left = 2 * parent + 1
            if left < heap.count, heap[left].isBefore(heap[smallest]) { smallest = left }
            if left + 1 < heap.count, heap[left + 1].isBefore(heap[smallest]) { smallest = left + 1 }
            if smallest == parent { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
