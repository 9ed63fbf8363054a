internal import Foundation
internal import Synchronization

/// The names of communes as addresses spell them.
public enum CommuneName {
    /// A key under which spellings of one name meet: `St Gilles-Croix-de-Vie Cedex`, `SAINT GILLES CROIX DE VIE`.
    ///
    /// Letters without accents, in capitals; hyphens, apostrophes and spaces dropped; ST, STE and STS written out, S/ as SUR; a leading
    /// article, CEDEX and numbers removed.
    public static func normalised(_ name: String) -> String {
        if let found = known.withLock({ $0[name] }) { return found }
        let made = make(name)
        // What is typed into addresses has no end: nothing long is kept, and all is dropped now and then.
        if name.utf8.count <= 64 {
            known.withLock { known in
                if known.count >= 4_096 { known = [:] }
                known[name] = made
            }
        }
        return made
    }

    /// The same few names are asked for over and over.
    private static let known = Mutex<[String: String]>([:])

    private static func make(_ name: String) -> String {
        var words = words(of: name).filter { word in !word.utf8.allSatisfy(IdentifierText.isDigit) }
        if let cedex = words.firstIndex(of: "CEDEX"), cedex > 0 { words.removeSubrange(cedex...) }
        if words.count > 1, let first = words.first, ["LE", "LA", "LES", "L"].contains(first) { words.removeFirst() }
        return words.map { abbreviations[$0] ?? $0 }.joined()
    }

    /// Whether an address's city carries the mention CEDEX: its postal code is then that of an organisation, not of a commune.
    static func isCedex(_ city: String) -> Bool {
        words(of: city).dropFirst().contains("CEDEX")
    }

    private static let abbreviations = ["ST": "SAINT", "STE": "SAINTE", "STS": "SAINTS", "STES": "SAINTES", "S": "SUR"]

    private static func words(of name: String) -> [String] {
        let capitals = name.utf8.allSatisfy { $0 < 0x80 } ? name.uppercased() : unaccented(name).uppercased()
        return capitals.utf8.split { !(IdentifierText.isDigit($0) || IdentifierText.isUppercase($0)) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Slow, for Foundation folds by locale: only for names that have something to fold.
    private static func unaccented(_ name: String) -> String {
        // The locale is fixed: the result must not depend on the machine.
        name.replacing("œ", with: "oe").replacing("Œ", with: "OE").replacing("æ", with: "ae").replacing("Æ", with: "AE")
            .folding(options: [.diacriticInsensitive, .widthInsensitive], locale: Locale(identifier: "en_US_POSIX"))
    }
}
