import HL7v2

/// Which acknowledgement a sender gets (HL7 v2.5 §2.9.2, §2.9.3).
extension MessageHeader {
    /// In original mode the application's; in enhanced mode the commit's, or the application's where MSH-15 does not want a commit but
    /// MSH-16 wants an answer (`NE` and `AL` are the original mode by another name).
    func acknowledgementCode(for result: AcknowledgementCode) -> AcknowledgementCode {
        guard acknowledgementMode == .enhanced else { return result }
        if !wantsCommit(result.commit), wantsApplication(result) { return result }
        return result.commit
    }

    /// Whether an acknowledgement of that code is sent at all.
    func wants(_ code: AcknowledgementCode) -> Bool {
        guard acknowledgementMode == .enhanced else { return true }
        return code == code.commit ? wantsCommit(code) : wantsApplication(code)
    }

    /// An MSH-15 that is empty or unknown is answered: silence would block the sender.
    private func wantsCommit(_ code: AcknowledgementCode) -> Bool { acceptCondition?.wants(code) ?? true }

    private func wantsApplication(_ code: AcknowledgementCode) -> Bool { applicationCondition?.wants(code) ?? false }
}
