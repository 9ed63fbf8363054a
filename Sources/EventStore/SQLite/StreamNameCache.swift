/// Remembers which stream a row number of table `stream` names; those never change.
struct StreamNameCache {
    private let slotCount: Int
    private var slots: [(number: Int64, stream: StreamID)]

    /// - Parameter slotCount: a power of two.
    init(slotCount: Int = 8192) {
        self.slotCount = slotCount
        slots = [(number: Int64, stream: StreamID)](repeating: (0, StreamID(high: 0, low: 0)), count: slotCount)
    }

    /// The stream of a number; nil if the log has none.
    ///
    /// - Parameter lookUp: `Queries.streamName`, asked where it is not remembered.
    mutating func stream(_ number: Int64, by lookUp: @autoclosure () throws -> Statement) throws -> StreamID? {
        let place = slot(number)
        if slots[place].number == number { return slots[place].stream }
        let lookUp = try lookUp()
        lookUp.bind(1, number)
        guard try lookUp.step() else { return nil }
        defer { lookUp.reset() }
        guard let name = Bits128.load(lookUp.blob(0)) else { return nil }
        let stream = StreamID(high: name.high, low: name.low)
        slots[place] = (number, stream)
        return stream
    }

    private func slot(_ number: Int64) -> Int {
        Int(truncatingIfNeeded: number) & (slotCount - 1)
    }
}
