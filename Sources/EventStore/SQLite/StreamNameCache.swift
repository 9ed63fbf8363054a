/// Remembers which stream a row number of table `stream` names; those never change.
struct StreamNameCache {
    private static let slotCount = 8192
    private var slots = [(number: Int64, stream: StreamID)](repeating: (0, StreamID(high: 0, low: 0)), count: slotCount)

    subscript(number: Int64) -> StreamID? {
        get {
            let slot = slots[Self.slot(number)]
            return slot.number == number ? slot.stream : nil
        }
        set {
            guard let newValue else { return }
            slots[Self.slot(number)] = (number, newValue)
        }
    }

    private static func slot(_ number: Int64) -> Int {
        Int(truncatingIfNeeded: number) & (slotCount - 1)
    }
}
