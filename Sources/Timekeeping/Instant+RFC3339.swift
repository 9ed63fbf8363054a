// RFC 3339 §5.6 `date-time`, read and written by hand: this runs for every event that is decoded.
extension Instant: CustomStringConvertible {
    /// Reads `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`.
    ///
    /// Strict: capitals only, every field at its full width, a real day of the calendar, offset up to ±23:59, 1 to 9 digits of
    /// fraction of which those after the third are dropped. `:60` is refused. Anything else gives `nil`.
    public init?(rfc3339 text: some StringProtocol) {
        let parsed = text.utf8.withContiguousStorageIfAvailable { Instant(rfc3339: UnsafeRawBufferPointer($0)) }
        guard let instant = parsed ?? Array(text.utf8).withUnsafeBytes({ Instant(rfc3339: $0) }) else { return nil }
        self = instant
    }

    /// As `init(rfc3339:)` over ASCII bytes, without allocation.
    public init?(rfc3339 bytes: UnsafeRawBufferPointer) {
        let dash = UInt8(ascii: "-"), colon = UInt8(ascii: ":")
        guard bytes.count >= 20, bytes[4] == dash, bytes[7] == dash, bytes[10] == UInt8(ascii: "T"), bytes[13] == colon, bytes[16] == colon else {
            return nil
        }
        guard
            let year = Digits.value(bytes[0..<4]), let month = Digits.value(bytes[5..<7]), let day = Digits.value(bytes[8..<10]),
            let date = CivilDate(year: year, month: month, day: day),
            let hour = Digits.value(bytes[11..<13]), hour <= 23,
            let minute = Digits.value(bytes[14..<16]), minute <= 59,
            let second = Digits.value(bytes[17..<19]), second <= 59
        else { return nil }

        var index = 19
        var millisecond = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            guard let kept = Digits.value(bytes[start..<min(index, start + 3)]), index - start <= 9 else { return nil }
            millisecond = index - start == 1 ? kept * 100 : index - start == 2 ? kept * 10 : kept
        }
        guard index < bytes.count, let offset = Self.offset(bytes[index...]) else { return nil }

        let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        self.init(millisecondsSinceEpoch: (local - Int64(offset) * 60) * 1_000 + Int64(millisecond), offsetMinutes: offset)
    }

    /// The instant on the wall clock of its own offset: `2026-11-22T08:30:00+01:00`, `2026-11-22T07:30:00.250Z`.
    ///
    /// RFC 3339 has four digits for the year and stops at ±23:59: what lies outside is printed as the nearest it can write.
    public var rfc3339: String {
        let offset = min(max(Int64(offsetMinutes), -1_439), 1_439)
        let (shifted, overflow) = millisecondsSinceEpoch.addingReportingOverflow(offset * 60_000)
        let local = min(max(overflow ? (offset < 0 ? .min : .max) : shifted, Self.firstWritable), Self.lastWritable)
        let days = local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
        let time = Int(local - days * 86_400_000)

        return String(unsafeUninitializedCapacity: 29) { buffer in
            var writer = DigitWriter(buffer)
            writer.put(CivilDate(daysSinceEpoch: Int(days)))
            writer.put(UInt8(ascii: "T"))
            writer.put(time / 3_600_000, width: 2)
            writer.put(UInt8(ascii: ":"))
            writer.put(time / 60_000 % 60, width: 2)
            writer.put(UInt8(ascii: ":"))
            writer.put(time / 1_000 % 60, width: 2)
            if time % 1_000 != 0 {
                writer.put(UInt8(ascii: "."))
                writer.put(time % 1_000, width: 3)
            }
            if offset == 0 {
                writer.put(UInt8(ascii: "Z"))
            } else {
                let magnitude = Int(offset.magnitude)
                writer.put(offset < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
                writer.put(magnitude / 60, width: 2)
                writer.put(UInt8(ascii: ":"))
                writer.put(magnitude % 60, width: 2)
            }
            return writer.count
        }
    }

    public var description: String { rfc3339 }

    private static let firstWritable = Int64(CivilDate.representableDays.lowerBound) * 86_400_000
    private static let lastWritable = Int64(CivilDate.representableDays.upperBound + 1) * 86_400_000 - 1

    private static func offset(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int16? {
        let start = bytes.startIndex
        let sign = bytes[start]
        if sign == UInt8(ascii: "Z") { return bytes.count == 1 ? 0 : nil }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), bytes.count == 6, bytes[start + 3] == UInt8(ascii: ":") else { return nil }
        guard
            let hours = Digits.value(bytes[start + 1..<start + 3]), hours <= 23,
            let minutes = Digits.value(bytes[start + 4..<start + 6]), minutes <= 59
        else { return nil }
        return Int16((hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1))
    }
}
