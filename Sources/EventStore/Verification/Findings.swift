/// Problems found by one part of a verification.
struct Findings: Sendable {
    private(set) var list: [VerificationReport.Problem] = []
    /// Problems found, listed or not.
    private(set) var count = 0

    mutating func add(_ position: Int64?, _ column: String, _ detail: String) {
        count += 1
        guard list.count < VerificationReport.problemLimit else { return }
        list.append(VerificationReport.Problem(position: position, column: column, detail: detail))
    }

    mutating func addUnlisted(_ number: Int) {
        count += number
    }

    mutating func add(_ other: Findings) {
        count += other.count
        list += other.list.prefix(VerificationReport.problemLimit - list.count)
    }
}
