import EventStore

/// A state and the version of the stream that it was folded up to: what an append expects.
public struct Recorded<State: Sendable>: Sendable {
    public var state: State
    /// 0 if the stream does not exist.
    public var version: Int64

    public init(_ state: State, version: Int64) {
        self.state = state
        self.version = version
    }

    var expected: ExpectedVersion { version == 0 ? .noStream : .exactly(version) }
}
