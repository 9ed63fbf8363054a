/// Posts to HTTP peers and tells the outcome. What both HTTP channels share.
struct HTTPSubmission: Sendable {
    private let transfer: CurlTransfer
    private let alarm: ChannelAlarm

    init(threads: CurlThreads, alarm: ChannelAlarm) {
        transfer = CurlTransfer(threads: threads)
        self.alarm = alarm
    }

    /// - Parameter receipt: finds the peer's name for the message in its answer.
    func send(_ request: HTTPRequest, account: HTTPVerdict.Owner, receipt: (HTTPAnswer) -> String? = { _ in nil }) async -> DeliveryOutcome {
        switch await transfer.post(request) {
        case .success(let answer):
            let outcome = HTTPVerdict.outcome(of: answer, account: account, receipt: receipt(answer))
            return alarm.passing(outcome, destination: request.url.destination)
        case .failure(let failure):
            alarm.tell(failure, destination: request.url.destination)
            return .later(reason: failure.reason.rawValue, after: nil)
        }
    }
}
