/// Who more is told of a follow-up that is not done, and when: data of its protocol, kept in the plan.
public struct EscalationStep: Hashable, Sendable {
    /// Whom a step tells.
    public enum Target: String, Hashable, Sendable, CaseIterable {
        /// Whoever accepted it; the référent-parcours while nobody has.
        case owner
        case referent
        case dischargingUnit
    }

    /// Minutes after the end of the window; negative for before.
    public let afterDueMinutes: Int
    public let target: Target

    public init(afterDueMinutes: Int, target: Target) {
        self.afterDueMinutes = afterDueMinutes
        self.target = target
    }

    /// What every follow-up has whose protocol names no steps: the owner when the window ends, the référent-parcours a day later.
    public static let standard = [EscalationStep(afterDueMinutes: 0, target: .owner), EscalationStep(afterDueMinutes: 1_440, target: .referent)]

    /// How many days after the last step its repetitions come: a day, three days, a week, then each week. Nothing expires silently (I7), and
    /// what nobody will ever do does not fill the log.
    ///
    /// - Parameter number: 1 for the first.
    static func repetitionDays(_ number: Int64) -> Int64 { number <= 3 ? (1 << max(number, 0)) - 1 : 7 * (number - 2) }

    /// How many repetitions are due so many days after the last step.
    static func repetitions(afterDays days: Int64) -> Int64 {
        switch days {
        case ..<1: 0
        case ..<3: 1
        case ..<7: 2
        default: 2 + days / 7
        }
    }

    init(from json: JSONObject) throws(CodecError) {
        afterDueMinutes = try json.int("afterDueMinutes")
        target = try json.word("target")
    }

    func write(to json: inout JSONWriter) {
        json.write("afterDueMinutes", afterDueMinutes)
        json.write("target", target)
    }
}
