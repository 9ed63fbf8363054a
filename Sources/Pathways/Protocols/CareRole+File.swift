extension CareRole {
    /// Reads a role of a file. Any slug is a role, unless it is so near a known one that it must be a slip of the pen: a misspelt role
    /// would reach nobody.
    static func read(_ key: String, in reader: MappingReader) -> CareRole? {
        guard let name = reader.value(key, Slug.expected, limit: 40, make: Slug.make) else { return nil }
        let role = CareRole(rawValue: name)
        guard !known.contains(role), let near = known.first(where: { isSlip(name, of: $0.rawValue) }) else { return role }
        reader.report(key, "« \(name) » is not a known role and looks like a misspelling", write: near.rawValue)
        return nil
    }

    /// Whether two names differ by one or two letters added, lost or changed (Levenshtein distance of at most 2).
    static func isSlip(_ name: String, of other: String) -> Bool {
        let (left, right) = (Array(name.utf8), Array(other.utf8))
        guard abs(left.count - right.count) <= 2 else { return false }
        var row = Array(0...right.count)
        for (i, byte) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, target) in right.enumerated() {
                let changed = diagonal + (byte == target ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count] <= 2
    }
}
