/// The last versions of the streams written to lately, so that most appends look nothing up.
///
/// Two generations: what was not asked for while `capacity` others were is forgotten.
struct StreamHeadCache {
    /// A stream's row number and the version of its last event.
    struct Head {
        var number: Int64
        var version: Int64
    }

    private let capacity: Int
    private var recent: [StreamID: Head] = [:]
    private var older: [StreamID: Head] = [:]

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func head(of stream: StreamID) -> Head? {
        if let head = recent[stream] { return head }
        guard let head = older.removeValue(forKey: stream) else { return nil }
        set(head, of: stream)
        return head
    }

    mutating func set(_ head: Head, of stream: StreamID) {
        if recent.count >= capacity {
            older = recent
            recent = [:]
        }
        recent[stream] = head
    }

    /// After a rollback, what was noted in the transaction never happened.
    mutating func removeAll() {
        recent = [:]
        older = [:]
    }
}
