/// A binary heap of timers, the first to ring on top.
struct TimerQueue: Sendable {
    private var heap: [PathwayTimer] = []

    mutating func insert(_ timer: PathwayTimer) {
        heap.append(timer)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.ringsBefore(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popFirst() -> PathwayTimer? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            let left = 2 * parent + 1
            if left < heap.count, Self.ringsBefore(heap[left], heap[least]) { least = left }
            if left + 1 < heap.count, Self.ringsBefore(heap[left + 1], heap[least]) { least = left + 1 }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    private static func ringsBefore(_ one: PathwayTimer, _ other: PathwayTimer) -> Bool {
        (one.due, one.stream, one.version) < (other.due, other.stream, other.version)
    }
}
