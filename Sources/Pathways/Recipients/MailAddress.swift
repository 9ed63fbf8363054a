/// The form of a mail address (RFC 5321 §4.1.2), without its quoted names and literal hosts: nobody whom we write to has one, and a
/// quoted name is where line breaks hide.
public enum MailAddress {
    static let expected = "a mail address as claire.martin@cabinet.example"

    /// The address with its host in small letters; nil if it is none.
    public static func normalised(_ text: String) -> String? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard text.utf8.count <= 254, parts.count == 2, isLocalPart(parts[0]) else { return nil }
        let host = parts[1].lowercased()
        return isHost(host) ? "\(parts[0])@\(host)" : nil
    }

    /// What stands after the @.
    public static func host(of address: String) -> String? { address.split(separator: "@").last.map(String.init) }

    /// The name of a host with a dot in it: letters, digits and hyphens, none of its labels beginning or ending with a hyphen.
    static func isHost(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253 && labels.count >= 2
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.utf8.first != hyphen && label.utf8.last != hyphen
                    && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
            } && labels.last?.utf8.contains(where: { !IdentifierText.isDigit($0) }) == true
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
                !atom.isEmpty && atom.utf8.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
            }
    }

    private static let hyphen = UInt8(ascii: "-")

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        IdentifierText.isDigit(byte) || IdentifierText.isUppercase(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
