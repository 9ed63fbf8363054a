/// Names a part of the published log: a tile of hashes or a bundle of entries (C2SP tlog-tiles).
public struct TileID: Sendable, Hashable {
    /// What is in a tile.
    public enum Kind: Sendable, Hashable {
        /// Hashes of this level: 0 = leaves, above it the roots of full tiles below. 0 to 63.
        case hashes(level: Int)
        /// The entries of leaves (`schemas/leaf.md`).
        case entries
    }

    /// Hashes in a full tile, and entries in a full bundle.
    public static let fullWidth: Int64 = 256
    /// Levels of the tree in a tile.
    public static let height = 8
    /// No log of positions below 2^63 has higher ones.
    static let highestLevel = 7

    public var kind: Kind
    /// From 0.
    public var index: Int64
    /// 1 to 256; below it is a partial tile.
    public var width: Int64

    public init(_ kind: Kind, index: Int64, width: Int64 = fullWidth) {
        self.kind = kind
        self.index = index
        self.width = width
    }

    /// Reads `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`; nil unless it is what ``path`` writes.
    public init?(path: some StringProtocol) {
        var parts = String(path).split(separator: "/", omittingEmptySubsequences: false).map(String.init)[...]
        guard parts.popFirst() == "tile", let kind = parts.popFirst().flatMap(Self.kind) else { return nil }
        var width = Self.fullWidth
        if parts.dropLast().last?.hasSuffix(".p") == true {
            guard let last = parts.popLast().flatMap({ DecimalText.decode($0) }), 1..<Self.fullWidth ~= last, let index = parts.popLast() else {
                return nil
            }
            width = last
            parts.append(String(index.dropLast(2)))
        }
        // 2^63 has 19 digits.
        guard 1...7 ~= parts.count else { return nil }
        var index: Int64 = 0
        for (number, part) in parts.enumerated() {
            let isLast = number == parts.count - 1
            guard isLast || part.first == "x" else { return nil }
            let digits = isLast ? part[...] : part.dropFirst()
            guard digits.utf8.count == 3, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let group = Int64(digits) else { return nil }
            let (shifted, overflow) = index.multipliedReportingOverflow(by: 1000)
            let (sum, tooLarge) = shifted.addingReportingOverflow(group)
            guard !overflow, !tooLarge else { return nil }
            index = sum
        }
        self.init(kind, index: index, width: width)
        guard self.path == path else { return nil }
    }

    private static func kind(_ text: String) -> Kind? {
        if text == "entries" { return .entries }
        guard let level = DecimalText.decode(text), level <= 63 else { return nil }
        return .hashes(level: Int(level))
    }

    /// Where it is published, relative to the log's prefix.
    public var path: String {
        let kindPart =
            switch kind {
            case .hashes(let level): String(level)
            case .entries: "entries"
            }
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
            groups.append(groups.isEmpty ? padded : "x\(padded)")
            rest /= 1000
        } while rest > 0
        let suffix = width < Self.fullWidth ? ".p/\(width)" : ""
        return "tile/\(kindPart)/\(groups.reversed().joined(separator: "/"))\(suffix)"
    }

    /// All that is published of a log of `size` leaves, or what is new in it since it had `old`: full tiles, and the partial ones
    /// that its checkpoint needs.
    public static func all(for size: Int64, since old: Int64 = 0) -> [TileID] {
        var tiles: [TileID] = []
        var (hashes, before) = (max(size, 0), max(min(old, size), 0))
        for level in 0...highestLevel where hashes > before || level == 0 {
            for index in (before / fullWidth)..<max(before / fullWidth, (hashes + fullWidth - 1) / fullWidth) {
                let width = min(fullWidth, hashes - index * fullWidth)
                tiles.append(TileID(.hashes(level: level), index: index, width: width))
                if level == 0 { tiles.append(TileID(.entries, index: index, width: width)) }
            }
            hashes /= fullWidth
            before /= fullWidth
        }
        return tiles
    }
}
