/// What an append gave, its answer still sealed: it is opened in the caller's task, not by the writer.
enum StoredOutcome: Sendable {
    case appended(AppendReceipt)
    case repeated(StoredCommand)

    func opened(by sealer: any PayloadSealer) throws -> AppendOutcome {
        switch self {
        case .appended(let receipt): .appended(receipt)
        case .repeated(let command): .repeated(answer: try command.openedAnswer(by: sealer), position: command.position)
        }
    }
}
