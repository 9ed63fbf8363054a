import Pathways
import Timekeeping

/// A deadline in a JSON document: when, and which (`Deadline.Kind.name`).
struct DeadlineDocument: Encodable {
    let at: String
    let kind: String

    init(_ deadline: Deadline) {
        at = deadline.at.rfc3339
        kind = deadline.kind.name
    }
}
