/// What links two numbers of one person, or takes that back: a merge, or its undoing.
public enum PatientLinkChange: Hashable, Sendable {
    case merged(PatientsMerged)
    case undone(MergeUndone)

    public var retired: PatientLink {
        switch self {
        case .merged(let body): body.retired
        case .undone(let body): body.retired
        }
    }

    public var survivor: PatientLink {
        switch self {
        case .merged(let body): body.survivor
        case .undone(let body): body.survivor
        }
    }

    /// Orders it among the others of the retired number: the latest counts, whatever the order of arrival.
    public var statement: Statement {
        switch self {
        case .merged(let body): body.statement
        case .undone(let body): body.statement
        }
    }

    var isMerge: Bool {
        if case .merged = self { true } else { false }
    }
}
