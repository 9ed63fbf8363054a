/// The key of ISO/IEC 7812-1, used by RPPS and FINESS: from the right, every second digit is doubled (9 subtracted above 9), and
/// the sum must be a multiple of ten.
enum Luhn {
    /// Whether a sequence of ASCII digits carries its right key; `false` when it is empty or holds anything but digits.
    static func isValid(_ digits: [UInt8]) -> Bool {
        guard !digits.isEmpty else { return false }
        var sum = 0
        for (rank, byte) in digits.reversed().enumerated() {
            guard IdentifierText.isDigit(byte) else { return false }
            let digit = Int(byte - UInt8(ascii: "0"))
            let doubled = digit * 2
            sum += rank.isMultiple(of: 2) ? digit : (doubled > 9 ? doubled - 9 : doubled)
        }
        return sum.isMultiple(of: 10)
    }
}
