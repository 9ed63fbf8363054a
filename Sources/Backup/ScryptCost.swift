/// How much work each guess at a passphrase takes (RFC 7914 §2).
public struct ScryptCost: Sendable, Hashable {
    /// N, a power of two.
    public var rounds: Int
    /// r.
    public var blockSize: Int
    /// p.
    public var parallelism: Int

    public init(rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 128 MiB and about half a second: opened once in years, by a person who waits.
    public static let standard = ScryptCost(rounds: 1 << 17, blockSize: 8, parallelism: 1)

    /// 1 GiB: beyond that a file would be a way to bring the machine down.
    private static let largestMemory = 1 << 30

    /// Whether a file may ask for it.
    var isAcceptable: Bool {
        guard 1 << 10...1 << 20 ~= rounds, rounds & (rounds - 1) == 0, 1...32 ~= blockSize, 1...16 ~= parallelism else { return false }
        return 128 * rounds * blockSize * parallelism <= Self.largestMemory
    }
}
