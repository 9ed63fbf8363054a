/// Answers of one kind, drawn with replacement.
///
/// Not every question of history found its answer: somebody else was faster, or the log ended. Such a question says that the answer would have
/// come later than then, or never; when it is drawn, another one is drawn among those that lasted longer (Efron's redistribution to the
/// right, which is the Kaplan–Meier estimate). What lasted longest without answer is silence.
struct AnswerPool: Sendable {
    private struct Entry {
        /// Milliseconds after which the answer came, or until which it was waited for.
        let time: Int64
        let answer: Answer?
    }

    private var entries: [Entry] = []

    var count: Int { entries.count }

    mutating func add(_ answer: Answer) { entries.append(Entry(time: answer.delay, answer: answer)) }
    mutating func add(unansweredFor time: Int64) { entries.append(Entry(time: time, answer: nil)) }

    /// By time; of the same time the answered first, else as they were added.
    mutating func sort() {
        let order = entries.indices.sorted { one, other in
            let (left, right) = (entries[one], entries[other])
            return (left.time, left.answer == nil ? 1 : 0, one) < (right.time, right.answer == nil ? 1 : 0, other)
        }
        entries = order.map { entries[$0] }
    }

    /// Nil = silence.
    ///
    /// - Parameter time: the answer is known to come later than so many milliseconds.
    func draw(laterThan time: Int64? = nil, using random: inout SplitMix64) -> Answer? {
        var low = time.map { first(after: $0) } ?? 0
        while low < entries.count {
            let index = low + random.below(entries.count - low)
            if let answer = entries[index].answer { return answer }
            low = max(index + 1, first(after: entries[index].time))
        }
        return nil
    }

    private func first(after time: Int64) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
