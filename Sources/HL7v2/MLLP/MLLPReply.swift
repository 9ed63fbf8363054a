/// What the server does after a frame.
public enum MLLPReply: Sendable, Hashable {
    /// Sends this message, framed; the next frame of the connection is handled once it is written.
    case answer([UInt8])
    /// Closes the connection without an answer.
    case close
}
