/// What is known of a patient, folded from their stream: every statement, in the order in which the hospital made them, whatever the
/// order in which they came (I5).
public struct Patient: Hashable, Sendable {
    private var statements: [PatientIdentified] = []
    /// The result of all statements so far; nil if none.
    public private(set) var identity: PatientIdentity?

    public init() {}

    public init(folding events: some Sequence<PatientIdentified>) {
        for event in events { evolve(with: event) }
    }

    public mutating func evolve(with event: PatientIdentified) {
        let index = statements.firstIndex { event.statement < $0.statement } ?? statements.endIndex
        statements.insert(event, at: index)
        identity = statements.dropFirst().reduce(statements.first?.identity) { known, next in known?.overlaid(by: next.identity) }
    }

    /// - Returns: nothing when the statement adds nothing to what is known.
    public func decide(_ statement: PatientIdentified) -> PatientIdentified? {
        var after = self
        after.evolve(with: statement)
        return after.identity == identity ? nil : statement
    }
}
