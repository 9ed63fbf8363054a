/// Why a message could not be sent or its answer not be had. After any of them but `requestInFlight` the connection is closed.
public enum MLLPClientError: Error, Sendable, Hashable {
    /// No connection could be made.
    case unreachable(host: String, port: Int)
    /// The answer did not come in time; the receiver may or may not have taken the message.
    case timedOut
    /// The connection ended before the answer; the receiver may or may not have taken the message.
    case closed
    /// The answer is longer than allowed.
    case oversizedAnswer
    /// Another message is waiting for its answer on this connection.
    case requestInFlight
}

extension MLLPClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreachable(let host, let port): "no MLLP receiver answers at \(host):\(port): check the address and that it is running"
        case .timedOut: "the receiver did not answer in time: send the same message again"
        case .closed: "the receiver closed the connection before answering: connect and send the same message again"
        case .oversizedAnswer: "the answer is longer than allowed: is this an HL7 v2 receiver?"
        case .requestInFlight: "another message is waiting for its answer on this connection: send one at a time"
        }
    }
}
