/// The number of a telephone that takes SMS.
public enum MobileNumber {
    static let expected = "a number as \"+33639980001\", or a French mobile number as \"0639980001\""

    /// The number as E.164 writes it; nil for anything but E.164 or a French mobile number. Spaces and dots between digits are dropped.
    public static func normalised(_ text: String) -> String? {
        let compact = text.filter { $0 != " " && $0 != "." }
        let digits = compact.hasPrefix("+") ? compact.dropFirst() : compact[...]
        guard compact.utf8.count <= 16, digits.utf8.allSatisfy(IdentifierText.isDigit) else { return nil }
        if compact.hasPrefix("+") {
            return (7...15).contains(digits.utf8.count) && digits.utf8.first != UInt8(ascii: "0") ? compact : nil
        }
        guard compact.utf8.count == 10, let country = countries.first(where: { compact.hasPrefix($0.prefix) })?.code else { return nil }
        return country + compact.dropFirst()
    }

    /// The French numbering plan: mobile numbers overseas have the country code of where they are. 06 39 98 is kept for works of fiction.
    private static let countries: [(prefix: String, code: String)] = [
        ("063998", "+33"), ("0639", "+262"), ("0690", "+590"), ("0691", "+590"), ("0692", "+262"), ("0693", "+262"), ("0694", "+594"),
        ("0696", "+596"), ("0697", "+596"), ("06", "+33"), ("07", "+33"),
    ]
}
