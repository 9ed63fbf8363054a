import Pathways
import Timekeeping

// When and in which message something was said, as four columns side by side.
extension ViewStatement {
    func bind(_ index: Int32, _ statement: Statement) {
        bind(index, statement.recordedAt.millisecondsSinceEpoch)
        bind(index + 1, statement.sentAt.millisecondsSinceEpoch)
        bind(index + 2, statement.controlID)
        bind(index + 3, statement.digest)
    }

    /// What ``bind(_:_:)-(Int32,Statement)`` wrote to this column and the three behind it; offsets are not kept, since they order nothing.
    func statement(_ column: Int32) -> Statement {
        Statement(
            recordedAt: Instant(millisecondsSinceEpoch: int64(column)),
            sentAt: Instant(millisecondsSinceEpoch: int64(column + 1)),
            controlID: string(column + 2),
            digest: string(column + 3)
        )
    }
}
