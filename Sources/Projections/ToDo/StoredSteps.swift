import Pathways

/// The steps of escalation as a column holds them: `0 owner,1440 referent`.
enum StoredSteps {
    static func text(of steps: [EscalationStep]) -> String {
        steps.map { "\($0.afterDueMinutes) \($0.target.rawValue)" }.joined(separator: ",")
    }

    /// - Throws: `ViewError.damaged` for a text that ``text(of:)`` never writes.
    static func steps(of text: String) throws -> [EscalationStep] {
        try text.split(separator: ",").map { step in
            let words = step.split(separator: " ")
            guard words.count == 2, let minutes = Int(words[0]), let target = EscalationStep.Target(rawValue: String(words[1])) else {
                throw ViewError.damaged(table: "todo_plan")
            }
            return EscalationStep(afterDueMinutes: minutes, target: target)
        }
    }
}
