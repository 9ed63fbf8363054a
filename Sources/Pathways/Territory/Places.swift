/// The communes that the rest of a territory's file may name.
struct Places {
    let codes: Set<CommuneCode>
    let ordered: [CommuneCode]

    /// Reads a coverage: a list of commune codes of this file, or the word `all`. Absent, it is empty.
    func read(_ key: String, in reader: MappingReader) -> [CommuneCode] {
        if reader.isWord(key, "all") { return ordered }
        var seen: Set<CommuneCode> = []
        let read = reader.identifiers(key, atMost: 2_000) { text throws(IdentifierError) in try CommuneCode(text) }
        for (code, place) in read where !codes.contains(code) || !seen.insert(code).inserted {
            reader.problems.report(
                "\(code) is none of this file's communes, or is written twice",
                write: "the code of another commune, or the word all",
                at: place,
                path: reader.path(key)
            )
        }
        return read.map(\.value)
    }
}
