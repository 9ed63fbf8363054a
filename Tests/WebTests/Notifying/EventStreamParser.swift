/// What of a chunked stream of server-sent events has arrived whole.
struct EventStreamParser {
    struct Event: Hashable {
        let id: String
        let name: String
        let data: String
    }

    private(set) var events: [Event] = []
    private(set) var comments = 0
    private(set) var retry: String?
    /// The last chunk came: the stream was ended, not cut.
    private(set) var isEnded = false
    private(set) var head: String?
    private var raw: [UInt8] = []
    private var text: [UInt8] = []

    mutating func take(_ bytes: some Sequence<UInt8>) {
        raw += bytes
        if head == nil {
            guard let end = raw.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
            head = String(decoding: raw[..<end.lowerBound], as: UTF8.self)
            raw.removeFirst(end.upperBound)
        }
        while let line = raw.firstRange(of: Array("\r\n".utf8)),
            let size = Int(String(decoding: raw[..<line.lowerBound], as: UTF8.self), radix: 16),
            raw.count >= line.upperBound + size + 2
        {
            text += raw[line.upperBound..<(line.upperBound + size)]
            raw.removeFirst(line.upperBound + size + 2)
            if size == 0 { isEnded = true }
        }
        readEvents()
    }

    /// Without framing.
    mutating func take(text bytes: some Sequence<UInt8>) {
        text += bytes
        readEvents()
    }

    private mutating func readEvents() {
        while let end = text.firstRange(of: Array("\n\n".utf8)) {
            var fields: [String: String] = [:]
            for line in String(decoding: text[..<end.lowerBound], as: UTF8.self).split(separator: "\n") {
                if line.hasPrefix(":") {
                    comments += 1
                    continue
                }
                let halves = line.split(separator: ": ", maxSplits: 1)
                fields[String(halves[0])] = halves.count == 2 ? String(halves[1]) : ""
            }
            text.removeFirst(end.upperBound)
            if let time = fields["retry"] { retry = time }
            if let data = fields["data"] { events.append(Event(id: fields["id"] ?? "", name: fields["event"] ?? "", data: data)) }
        }
    }
}
