/// The character sets a French HL7 v2 feed uses, named as in MSH-18 (HL7 table 0211).
public enum Charset: String, Sendable, Hashable, CaseIterable {
    case ascii = "ASCII"
    /// ISO 8859-1, Western Europe.
    case latin1 = "8859/1"
    /// ISO 8859-15: ISO 8859-1 with €, Œ, œ, Š, š, Ž, ž and Ÿ.
    case latin9 = "8859/15"
    case utf8 = "UNICODE UTF-8"

    /// What a label in MSH-18 means, capitals or not, with the spellings seen in feeds; `nil` when it is none of these sets.
    public init?(label: some StringProtocol) {
        if let exact = Charset(rawValue: String(label)) {
            self = exact
            return
        }
        switch label.uppercased().filter({ !$0.isWhitespace && $0 != "-" && $0 != "_" && $0 != "/" }) {
        case "ASCII", "USASCII": self = .ascii
        case "88591", "ISO88591": self = .latin1
        case "885915", "ISO885915": self = .latin9
        case "UNICODEUTF8", "UTF8": self = .utf8
        default: return nil
        }
    }
}
