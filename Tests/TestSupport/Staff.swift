/// The fictional people of these tests.
public enum Staff {
    public static let referent = rpps(1)
    public static let unitContact = rpps(2)
    public static let gps = (10..<14).map(rpps)
    public static let nurses = (20..<27).map(rpps)
    public static let pharmacists = (40..<43).map(rpps)
    /// A right number that is in no directory.
    public static let stranger = rpps(99)

    /// A fictional RPPS with its Luhn key.
    public static func rpps(_ serial: Int) -> String {
        let digits = "99999" + String(serial + 100_000).dropFirst()
        var sum = 0
        for (index, digit) in digits.utf8.reversed().enumerated() {
            let value = Int(digit - UInt8(ascii: "0"))
            let weighed = index.isMultiple(of: 2) ? value * 2 : value
            sum += weighed > 9 ? weighed - 9 : weighed
        }
        return digits + String((10 - sum % 10) % 10)
    }
}
