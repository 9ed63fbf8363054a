extension EventStoreError {
    static func wrongExpectedVersion(stream: StreamID, expected: ExpectedVersion, actual: Int64) -> EventStoreError {
        var facts = Facts()
        facts.stream = stream
        facts.expected = expected
        facts.actualVersion = actual
        let wanted =
            switch expected {
            case .noStream: "no event"
            case .exactly(let version): "version \(version)"
            case .any: "any version"
            }
        return EventStoreError(
            .wrongExpectedVersion,
            "Stream \(stream) is at version \(actual), the decision was made on \(wanted): load the stream and decide again.",
            facts: facts
        )
    }
}
