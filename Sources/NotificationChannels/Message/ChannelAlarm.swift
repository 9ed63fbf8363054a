internal import Logging

/// Makes loud what no retry repairs: a certificate that does not hold, a password that is refused, files that cannot be read.
struct ChannelAlarm: Sendable {
    let kind: ChannelName
    let logger: Logger

    /// The outcome, having told of one that only the operator can change.
    func passing(_ outcome: DeliveryOutcome, destination: String) -> DeliveryOutcome {
        if case .later(let reason, _) = outcome, reason.hasPrefix("configuration-") {
            let facts: Logger.Metadata = ["channel": "\(kind)", "destination": "\(destination)", "reason": "\(reason)"]
            logger.error("the server refuses us, whoever the recipient is: look at account, certificate and sender", metadata: facts)
        }
        return outcome
    }

    /// Names the channel, the server and libcurl's number; no address of a person.
    func tell(_ failure: CurlFailure, destination: String) {
        let facts: Logger.Metadata = [
            "channel": "\(kind)", "destination": "\(destination)", "reason": "\(failure.reason.rawValue)", "curl": "\(failure.code)",
        ]
        switch failure.reason {
        case .tls: logger.error("the peer's certificate or encryption was refused, or ours by the peer: nothing was sent", metadata: facts)
        case .tlsFiles: logger.error("our certificate, key or list of authorities cannot be read: nothing was sent", metadata: facts)
        case .credentials: logger.error("user name or password refused: nothing was sent", metadata: facts)
        case .local: logger.error("libcurl refused the request: nothing was sent", metadata: facts)
        case .cancelled: logger.debug("attempt cancelled", metadata: facts)
        case .timeout, .unreachable, .closed, .protocolError: logger.notice("attempt failed", metadata: facts)
        }
    }
}
