/// Remembers which stream a row number of table `stream` names; those never change.
struct StreamNameCache {
    private let slotCount: Int
    private var slots: [(number: Int64, stream: StreamID)]

    /// - Parameter slotCount: a power of two.
    init(slotCount: Int = 8192) {
        self.slotCount = slotCount
        slots = [(number: Int64, stream: StreamID)](repeating: (0, StreamID(high: 0, low: 0)), count: slotCount)
    }

    subscript(number: Int64) -> StreamID? {
        get {
            let slot = slots[slot(number)]
            return slot.number == number ? slot.stream : nil
        }
        set {
            guard let newValue else { return }
            slots[slot(number)] = (number, newValue)
        }
    }

    private func slot(_ number: Int64) -> Int {
        Int(truncatingIfNeeded: number) & (slotCount - 1)
    }
}
