/// Decimal numbers as the C2SP formats write them: digits only, no sign, no needless zero.
enum DecimalText {
    /// The number; nil unless `text` is exactly how it is written.
    static func decode(_ text: some StringProtocol) -> Int64? {
        guard let value = Int64(text), value >= 0, String(value) == text else { return nil }
        return value
    }
}
