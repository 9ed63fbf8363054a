/// Hands composed mails to one SMTP server, over connections that are kept for a while. What both mail channels share.
struct MailSubmission: Sendable {
    private let server: MailServer
    private let threads: CurlThreads
    private let idle = IdleConversations()
    private let alarm: ChannelAlarm

    /// - Parameter parallel: connections at most.
    init(server: MailServer, parallel: Int, alarm: ChannelAlarm) {
        self.server = server
        self.alarm = alarm
        threads = CurlThreads(limit: parallel, perDestination: parallel)
    }

    func send(_ mail: OutgoingMail) async -> DeliveryOutcome {
        let ending = await threads.run(to: server.destination) { [server, idle] job, _ in
            Result { () throws(CurlFailure) in try Self.send(mail, to: server, idle: idle, job: job) }
        }
        switch ending {
        case .success(let ending): return alarm.passing(SMTPVerdict.outcome(of: ending), destination: server.destination)
        case .failure(let failure):
            if let reply = failure.refusal {
                return alarm.passing(SMTPVerdict.outcome(of: .refused(.connecting, reply)), destination: server.destination)
            }
            alarm.tell(failure, destination: server.destination)
            return .later(reason: failure.reason.rawValue, after: nil)
        }
    }

    private static func send(
        _ mail: OutgoingMail,
        to server: MailServer,
        idle: IdleConversations,
        job: CurlJob
    ) throws(CurlFailure) -> SMTPEnding {
        let deadline = Deadline(in: server.limits.total)
        var step = SMTPStep.connecting
        if let session = idle.take() {
            do {
                let ending = try session.send(mail, job: job, deadline: deadline, step: &step)
                if case .refused(.sender, let reply) = ending, reply.code == 421 {
                    // The server closes what was idle too long: no answer to this message.
                } else {
                    if session.isFresh { idle.put(session) }
                    return ending
                }
            } catch {
                // A connection that died while it was idle says nothing of the server, and before the content nothing was handed over.
                guard error.reason == .closed || error.reason == .tls, step != .content else { throw error }
            }
        }
        let session = try SMTPSession(with: server, job: job, deadline: deadline)
        let ending = try session.send(mail, job: job, deadline: deadline, step: &step)
        if session.isFresh { idle.put(session) }
        return ending
    }
}
