/// People in the order in which they came, each once.
struct WaitingLine: Sendable {
    private var line: [String] = []
    private var first = 0
    private var present: Set<String> = []

    var count: Int { present.count }

    mutating func append(_ recipient: String) {
        if present.insert(recipient).inserted { line.append(recipient) }
    }

    mutating func popFirst() -> String? {
        guard first < line.count else { return nil }
        let recipient = line[first]
        first += 1
        present.remove(recipient)
        if first > 1_024, first > line.count / 2 {
            line.removeFirst(first)
            first = 0
        }
        return recipient
    }
}
