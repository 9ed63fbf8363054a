import Coordination
import EventStore
import HL7v2
import Logging
import Pathways
import Timekeeping

extension HL7Intake {
    /// Hands out what is durable.
    func reply(_ answer: Answer, to frame: ReceivedFrame) -> IntakeReply {
        let receipt = answer.receipt
        if case .recorded(let outcome) = receipt.result, outcome == .quarantined || outcome == .refused {
            logger.notice(
                "message \(outcome.rawValue)",
                metadata: [
                    "position": "\(receipt.position ?? 0)", "faults": "\(receipt.faults.map { "\($0.code.rawValue) \($0.location)" })",
                ]
            )
        }
        observe(IntakeObservation(.received(receipt.result), sender: frame.sender, warnings: receipt.warnings.map(\.code)))
        return frame.header.wants(receipt.acknowledgement) ? .acknowledge(answer.bytes, receipt) : .noAnswer(.notWanted(receipt))
    }

    func unanswered(_ reason: IntakeReply.Silence) -> IntakeReply {
        logger.notice("frame not answered", metadata: ["reason": "\(reason)"])
        observe(IntakeObservation(.unreadable, sender: nil, warnings: []))
        return .noAnswer(reason)
    }

    /// AR 207: nothing was recorded, and the sender sends it again. Never AE, which would lose the message (health-domain §A.5).
    func unavailable(_ frame: ReceivedFrame) -> IntakeReply {
        let code = frame.header.acknowledgementCode(for: .applicationReject)
        let error = MessageError(.internalError, diagnostic: "nothing was recorded: send the message again later")
        let receipt = IntakeReceipt(result: .unavailable, acknowledgement: code)
        let bytes = encoded(Acknowledgement(code, to: frame.header, errors: [error]), to: frame)
        return reply(Answer(bytes: bytes, receipt: receipt), to: frame)
    }

    /// The acknowledgement of the first time.
    func repeated(_ stored: [UInt8]?, _ position: Int64, _ frame: ReceivedFrame) throws -> Answer {
        guard let stored else { return try recollected(position, frame) }
        var code = frame.header.acknowledgementCode(for: .applicationAccept)
        if let message = try? Message(parsing: stored), let known = try? Acknowledgement(message) { code = known.code }
        return Answer(bytes: stored, receipt: IntakeReceipt(result: .repeated, acknowledgement: code, position: position))
    }

    /// What was answered the first time was erased with the patient. A message that became facts was taken: `AA`. One that became none may have
    /// been in quarantine, which nobody can tell any more: never `AA`, but `AE`, or `AR` where the header is not ours, as at first.
    private func recollected(_ position: Int64, _ frame: ReceivedFrame) throws -> Answer {
        let last = try coordinator.log.read(after: position - 1, limit: 1).first
        var errors: [MessageError] = []
        var result = AcknowledgementCode.applicationAccept
        if let refusal = HeaderCheck.refusal(of: frame.header, in: environment) {
            result = .applicationReject
            errors = [MessageError(refusal.code, at: refusal.location, diagnostic: refusal.reason)]
        } else if last?.type == MessageReceived.type {
            // Its facts would stand behind it in the same append.
            result = .applicationError
            errors = [MessageError(.unknownKey, diagnostic: "the message came before and had no effect; what it was about was erased since")]
        }
        let code = frame.header.acknowledgementCode(for: result)
        let bytes = encoded(Acknowledgement(code, to: frame.header, errors: errors), to: frame)
        return Answer(bytes: bytes, receipt: IntakeReceipt(result: .repeated, acknowledgement: code, position: position))
    }

    func encoded(_ acknowledgement: Acknowledgement, to frame: ReceivedFrame) -> [UInt8] {
        acknowledgement.encoded(answering: frame.header, ownControlID: ControlID.text(of: coordinator.ids.next()), at: coordinator.time.now())
    }

    /// What may stand in a log line: our own errors hold nothing of a message, those of others might.
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as EventStoreError: error.description
        case let error as CoordinationError: error.description
        default: "\(type(of: error))"
        }
    }
}
