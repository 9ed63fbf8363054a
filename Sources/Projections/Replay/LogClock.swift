public import EventStore
public import Timekeeping

/// Which position the log had reached at an instant.
public enum LogClock {
    /// The last position recorded at or before `instant`; 0 if none was. Found by bisection: recorded times never go back.
    public static func position(at instant: Instant, in log: any EventReader) throws -> Int64 {
        var low: Int64 = 0
        var high = try log.head().position
        while low < high {
            let middle = low + (high - low + 1) / 2
            guard let event = try log.read(after: middle - 1, limit: 1).first, event.recordedAt <= instant else {
                high = middle - 1
                continue
            }
            low = middle
        }
        return low
    }
}
