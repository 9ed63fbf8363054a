/// Posts to HTTP peers and tells the outcome. What both HTTP channels share.
struct HTTPSubmission: Sendable {
    private let transfer: CurlTransfer
    private let tls: TLSMaterial
    private let limits: TransferLimits
    private let proxy: String?
    private let alarm: ChannelAlarm

    init(threads: CurlThreads, tls: TLSMaterial, limits: TransferLimits, proxy: String?, alarm: ChannelAlarm) {
        transfer = CurlTransfer(threads: threads)
        self.tls = tls
        self.limits = limits
        self.proxy = proxy
        self.alarm = alarm
    }

    /// - Parameters:
    ///   - json: the body.
    ///   - headers: beside that of its type.
    ///   - receipt: finds the peer's name for the message in its answer.
    func send(
        _ json: [UInt8],
        to url: WebAddress,
        headers: [(String, String)],
        account: HTTPVerdict.Owner,
        receipt: (HTTPAnswer) -> String? = { _ in nil }
    ) async -> DeliveryOutcome {
        let request = HTTPRequest(
            url: url,
            headers: [("Content-Type", "application/json")] + headers,
            body: json,
            tls: tls,
            limits: limits,
            proxy: proxy
        )
        switch await transfer.post(request) {
        case .success(let answer):
            let outcome = HTTPVerdict.outcome(of: answer, account: account, receipt: receipt(answer))
            return alarm.passing(outcome, destination: url.destination)
        case .failure(let failure):
            alarm.tell(failure, destination: url.destination)
            return .later(reason: failure.reason.rawValue, after: nil)
        }
    }
}
