public import Timekeeping

/// Judges signs of life: who is silent. Pure.
public struct Watchdog: Hashable, Sendable {
    /// Somebody of whom nothing is heard.
    public struct Silence: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            case neverBeat
            /// The last sign is older than allowed.
            case stopped
            /// The last sign is of a time to come: the clock was set back since, and what was written before it says nothing of now.
            case fromTheFuture
        }

        public let name: String
        public let last: Instant?
        public let kind: Kind
    }

    /// Names of whom signs are expected.
    public let expected: Set<String>
    /// Milliseconds without a sign that are allowed, and as much into the future: two clocks, or one that was corrected, differ by less.
    public let patience: Int64

    public init(expected: Set<String>, patience: Int64 = 120_000) {
        self.expected = expected
        self.patience = max(0, patience)
    }

    /// Who is silent, by name. After a jump of the clock each is silent for one beat at most, since it beats by the new one.
    public func silent(_ beats: [String: Instant], at now: Instant) -> [Silence] {
        expected.sorted().compactMap { name in
            guard let last = beats[name] else { return Silence(name: name, last: nil, kind: .neverBeat) }
            let age = now.milliseconds(since: last)
            if age > patience { return Silence(name: name, last: last, kind: .stopped) }
            return age < -patience ? Silence(name: name, last: last, kind: .fromTheFuture) : nil
        }
    }
}
