import Timekeeping

/// The messages on their way, and the line that they take.
struct Post {
    /// What the line does with a message.
    enum Fate {
        case arrives
        /// Nobody gets it.
        case isLost
        /// It arrives; the answer does not.
        case isUnanswered
    }

    private let habits: WireHabits
    private var random: SplitMix64
    private var letters: [Int: Letter] = [:]
    private var sent = 0

    init(habits: WireHabits, random: SplitMix64) {
        self.habits = habits
        self.random = random
    }

    var isEmpty: Bool { letters.isEmpty }

    subscript(number: Int) -> Letter? {
        get { letters[number] }
        set { letters[number] = newValue }
    }

    mutating func accept(_ letter: Letter) -> Int {
        sent += 1
        letters[sent] = letter
        return sent
    }

    /// Milliseconds until a message arrives.
    mutating func delay() -> Int64 {
        random.chance(habits.delayed) ? Int64(random.logNormal(median: 40, spread: 1.2) * 60_000) : Int64(random.between(200, 4_000))
    }

    /// Milliseconds until the sender tries again.
    mutating func pause() -> Int64 { Int64(random.between(30_000, 300_000)) }

    mutating func fate() -> Fate {
        let ticket = random.unit()
        if ticket < habits.lost { return .isLost }
        return ticket < habits.lost + habits.unanswered ? .isUnanswered : .arrives
    }

    /// Milliseconds until an answered message is sent once more; nil if it is not.
    mutating func repetition() -> Int64? {
        random.chance(habits.repeated) ? Int64(random.logNormal(median: 60, spread: 1.5) * 60_000) : nil
    }
}
