public import Timekeeping

/// A point in time as HL7 v2 writes it (type TS, §2.A.77): as precise as its author was, often without its offset.
///
/// `YYYY[MM[DD[HH[MM[SS[.S{1,4}]]]]]][±ZZZZ]`
public struct Timestamp: Sendable, Hashable {
    /// The last part that was written.
    public enum Precision: Int, Sendable, Hashable, Comparable, CaseIterable {
        case year, month, day, hour, minute, second, fraction

        public static func < (left: Precision, right: Precision) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// The calendar day; month and day are 1 where the precision stops before.
    public let date: CivilDate
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int
    /// 0 to 999; a fourth digit of fraction is dropped.
    public let millisecond: Int
    public let precision: Precision
    /// The offset written, in minutes east of Greenwich; `nil` when none is.
    public let offsetMinutes: Int16?

    /// Reads the written form exactly; `nil` for anything else, blanks included, and for dates or times that do not exist.
    public init?(_ text: some StringProtocol) {
        let parsed = text.utf8.withContiguousStorageIfAvailable { Timestamp(bytes: UnsafeRawBufferPointer($0)) }
        guard let timestamp = parsed ?? Array(text.utf8).withUnsafeBytes({ Timestamp(bytes: $0) }) else { return nil }
        self = timestamp
    }

    /// The wall-clock reading and offset of an instant, to the second, or to the millisecond when it has any.
    public init(_ instant: Instant) {
        let offset = min(max(instant.offsetMinutes, -1_439), 1_439)
        let local = instant.adding(minutes: Int64(offset)).millisecondsSinceEpoch
        let days = local >= 0 ? local / 86_400_000 : -((-(local + 1)) / 86_400_000) - 1
        let time = Int(local.subtractingReportingOverflow(days.multipliedReportingOverflow(by: 86_400_000).partialValue).partialValue)
        date = CivilDate(daysSinceEpoch: Int(days))
        hour = time / 3_600_000
        minute = time / 60_000 % 60
        second = time / 1_000 % 60
        millisecond = time % 1_000
        precision = millisecond == 0 ? .second : .fraction
        offsetMinutes = offset
    }

    private init?(bytes: UnsafeRawBufferPointer) {
        var reader = Reader(bytes: bytes)
        guard let year = reader.number(width: 4) else { return nil }
        var parts = [1, 1, 0, 0, 0]
        var precision = Precision.year
        for (index, reached) in [Precision.month, .day, .hour, .minute, .second].enumerated() {
            guard reader.startsWithDigit else { break }
            guard let number = reader.number(width: 2) else { return nil }
            parts[index] = number
            precision = reached
        }
        var millisecond = 0
        if precision == .second, reader.skip(UInt8(ascii: ".")) {
            guard let fraction = reader.fraction() else { return nil }
            millisecond = fraction
            precision = .fraction
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        guard let date = CivilDate(year: year, month: parts[0], day: parts[1]), parts[2] <= 23, parts[3] <= 59, parts[4] <= 59 else { return nil }
        self.date = date
        hour = parts[2]
        minute = parts[3]
        second = parts[4]
        self.millisecond = millisecond
        self.precision = precision
        offsetMinutes = offset.minutes
    }
}

// MARK: - As an instant

extension Timestamp {
    /// The instant, when an offset was written.
    public var instant: Instant? {
        offsetMinutes.map { instant(offset: Int($0)) }
    }

    /// The instant, with the offset that was written or else the one in force in `zone`, parts not written taken at their start.
    ///
    /// A reading that the clocks showed twice is taken the first time; one that they skipped, by the offset before the change.
    /// `isAmbiguous(in:)` and `isSkipped(in:)` say so.
    public func instant(in zone: some ZoneRules) -> Instant {
        if let offsetMinutes { return instant(offset: Int(offsetMinutes)) }
        return switch zone.offset(atLocalSeconds: localSeconds) {
        case .unique(let offset), .ambiguous(earlier: let offset, later: _), .skipped(before: let offset, after: _): instant(offset: offset)
        }
    }

    /// The clocks of `zone` showed this reading twice and nothing says which is meant: no offset, and a time of day.
    public func isAmbiguous(in zone: some ZoneRules) -> Bool {
        guard offsetMinutes == nil, precision >= .hour, case .ambiguous = zone.offset(atLocalSeconds: localSeconds) else { return false }
        return true
    }

    /// The clocks of `zone` never showed this reading: they were put forward over it.
    public func isSkipped(in zone: some ZoneRules) -> Bool {
        guard offsetMinutes == nil, precision >= .hour, case .skipped = zone.offset(atLocalSeconds: localSeconds) else { return false }
        return true
    }

    private var localSeconds: Int64 {
        Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    }

    private func instant(offset: Int) -> Instant {
        let milliseconds = (localSeconds - Int64(offset) * 60) * 1_000 + Int64(millisecond)
        return Instant(millisecondsSinceEpoch: milliseconds, offsetMinutes: Int16(clamping: offset))
    }
}

// MARK: - As text

extension Timestamp: CustomStringConvertible {
    /// The written form, to the precision it has.
    public var description: String {
        String(unsafeUninitializedCapacity: 23) { buffer in
            var count = 0
            func put(_ byte: UInt8) {
                guard count < buffer.count else { return }
                buffer[count] = byte
                count += 1
            }
            func put(_ value: Int, width: Int) {
                if width > 1 { put(value / 10, width: width - 1) }
                put(UInt8(truncatingIfNeeded: 0x30 + value % 10))
            }
            put(date.year, width: 4)
            if precision >= .month { put(date.month, width: 2) }
            if precision >= .day { put(date.day, width: 2) }
            if precision >= .hour { put(hour, width: 2) }
            if precision >= .minute { put(minute, width: 2) }
            if precision >= .second { put(second, width: 2) }
            if precision == .fraction {
                put(UInt8(ascii: "."))
                put(millisecond, width: 3)
            }
            if let offsetMinutes {
                let magnitude = Int(offsetMinutes.magnitude)
                put(offsetMinutes < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
                put(magnitude / 60, width: 2)
                put(magnitude % 60, width: 2)
            }
            return count
        }
    }
}

/// Walks over the digits of a TS.
private struct Reader {
    let bytes: UnsafeRawBufferPointer
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    var startsWithDigit: Bool { index < bytes.count && digit(at: index) != nil }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    mutating func number(width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var number = 0
        for position in index..<index + width {
            guard let digit = digit(at: position) else { return nil }
            number = number * 10 + digit
        }
        index += width
        return number
    }

    /// One to four digits, in milliseconds.
    mutating func fraction() -> Int? {
        var milliseconds = 0
        var count = 0
        while index < bytes.count, let digit = digit(at: index) {
            if count < 3 { milliseconds = milliseconds * 10 + digit }
            count += 1
            index += 1
        }
        guard (1...4).contains(count) else { return nil }
        for _ in count..<max(count, 3) { milliseconds *= 10 }
        return milliseconds
    }

    /// `±HHMM`, or nothing at the end of the text; `nil` when malformed.
    mutating func offset() -> (minutes: Int16?, Void)? {
        if isAtEnd { return (nil, ()) }
        let isNegative = bytes[index] == UInt8(ascii: "-")
        guard isNegative || bytes[index] == UInt8(ascii: "+") else { return nil }
        index += 1
        guard let hours = number(width: 2), let minutes = number(width: 2), hours <= 23, minutes <= 59 else { return nil }
        return (Int16((hours * 60 + minutes) * (isNegative ? -1 : 1)), ())
    }

    private func digit(at position: Int) -> Int? {
        let byte = bytes[position]
        return byte >= 0x30 && byte <= 0x39 ? Int(byte &- 0x30) : nil
    }
}
