public import Timekeeping

/// A JSON object inside a `JSONDocument`, read member by member. Members it does not know are left alone: a newer writer may add some.
public struct JSONObject: Sendable {
    /// Where it stands in its document. Spelt only if something is wrong.
    indirect enum Place: Sendable {
        case root
        case member(StaticString, of: Place)
        case element(Int, StaticString, of: Place)

        var path: String {
            switch self {
            case .root: "$"
            case .member(let key, let parent): "\(parent.path).\(key)"
            case .element(let index, let key, let parent): "\(parent.path).\(key)[\(index)]"
            }
        }
    }

    let document: JSONDocument
    let node: Int
    let place: Place

    private func find(_ key: StaticString) -> Int? {
        let end = Int(document.nodes[node].end)
        var index = node + 1
        while index + 1 < end {
            let value = index + 1
            if document.keyEquals(index, key) { return document.nodes[value].kind == .null ? nil : value }
            index = Int(document.nodes[value].end)
        }
        return nil
    }

    private func failure(_ key: StaticString, _ problem: String) -> CodecError { CodecError(path: "\(place.path).\(key)", problem: problem) }

    private func required<Value>(_ key: StaticString, _ value: Value?) throws(CodecError) -> Value {
        guard let value else { throw failure(key, "is missing") }
        return value
    }

    public func has(_ key: StaticString) -> Bool { find(key) != nil }

    public func optionalString(_ key: StaticString) throws(CodecError) -> String? {
        guard let index = find(key) else { return nil }
        guard let text = document.text(index) else { throw failure(key, "is not a string") }
        return text
    }

    public func string(_ key: StaticString) throws(CodecError) -> String { try required(key, try optionalString(key)) }

    public func optionalInteger(_ key: StaticString) throws(CodecError) -> Int64? {
        guard let index = find(key) else { return nil }
        guard let number = document.integer(index) else { throw failure(key, "is not an integer") }
        return number
    }

    public func integer(_ key: StaticString) throws(CodecError) -> Int64 { try required(key, try optionalInteger(key)) }

    /// A small whole number, such as a version or a wave.
    public func int(_ key: StaticString) throws(CodecError) -> Int {
        guard let value = Int(exactly: try integer(key)) else { throw failure(key, "is out of range") }
        return value
    }

    /// `false` when absent.
    public func flag(_ key: StaticString) throws(CodecError) -> Bool { try optionalFlag(key) ?? false }

    public func optionalFlag(_ key: StaticString) throws(CodecError) -> Bool? {
        guard let index = find(key) else { return nil }
        let value = document.nodes[index]
        guard value.kind == .bool else { throw failure(key, "is neither true nor false") }
        return document.bytes[Int(value.start)] == UInt8(ascii: "t")
    }

    public func optionalInstant(_ key: StaticString) throws(CodecError) -> Instant? {
        guard let index = find(key) else { return nil }
        let value = document.nodes[index]
        guard value.kind == .string else { throw failure(key, "is not an RFC 3339 time") }
        let instant = document.bytes.withUnsafeBytes { all in
            Instant(rfc3339: UnsafeRawBufferPointer(rebasing: all[Int(value.start)..<Int(value.start + value.length)]))
        }
        guard let instant else { throw failure(key, "is not an RFC 3339 time") }
        return instant
    }

    public func instant(_ key: StaticString) throws(CodecError) -> Instant { try required(key, try optionalInstant(key)) }

    /// A value of a closed or open list of words.
    public func optionalWord<Word: RawRepresentable<String>>(_ key: StaticString, as _: Word.Type = Word.self) throws(CodecError) -> Word? {
        guard let text = try optionalString(key) else { return nil }
        guard let word = Word(rawValue: text) else { throw failure(key, "is a word this version does not know") }
        return word
    }

    public func word<Word: RawRepresentable<String>>(_ key: StaticString, as type: Word.Type = Word.self) throws(CodecError) -> Word {
        try required(key, try optionalWord(key, as: type))
    }

    public func optionalObject(_ key: StaticString) throws(CodecError) -> JSONObject? {
        guard let index = find(key) else { return nil }
        guard document.nodes[index].kind == .object else { throw failure(key, "is not an object") }
        return JSONObject(document: document, node: index, place: .member(key, of: place))
    }

    public func object(_ key: StaticString) throws(CodecError) -> JSONObject { try required(key, try optionalObject(key)) }

    /// Empty when absent.
    public func strings(_ key: StaticString) throws(CodecError) -> [String] {
        var result: [String] = []
        for index in try elements(key) {
            guard let text = document.text(index) else { throw failure(key, "holds something other than a string") }
            result.append(text)
        }
        return result
    }

    /// Empty when absent.
    public func words<Word: RawRepresentable<String>>(_ key: StaticString, as _: Word.Type = Word.self) throws(CodecError) -> [Word] {
        var result: [Word] = []
        for text in try strings(key) {
            guard let word = Word(rawValue: text) else { throw failure(key, "holds a word this version does not know") }
            result.append(word)
        }
        return result
    }

    /// Empty when absent.
    public func objects<Element>(_ key: StaticString, _ read: (JSONObject) throws(CodecError) -> Element) throws(CodecError) -> [Element] {
        var result: [Element] = []
        for index in try elements(key) {
            guard document.nodes[index].kind == .object else { throw failure(key, "holds something other than an object") }
            result.append(try read(JSONObject(document: document, node: index, place: .element(result.count, key, of: place))))
        }
        return result
    }

    private func elements(_ key: StaticString) throws(CodecError) -> [Int] {
        guard let list = find(key) else { return [] }
        guard document.nodes[list].kind == .array else { throw failure(key, "is not a list") }
        var result: [Int] = []
        var index = list + 1
        while index < Int(document.nodes[list].end) {
            result.append(index)
            index = Int(document.nodes[index].end)
        }
        return result
    }
}
