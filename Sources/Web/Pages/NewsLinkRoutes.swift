import Hummingbird
import Pathways

/// `/n/{message}`: where the link in a message leads. Whether there is such a message is told nobody: the answer is always the same.
struct NewsLinkRoutes {
    private let services: WebServices
    private let notifications: NotificationServices

    init(_ services: WebServices, _ notifications: NotificationServices) {
        self.services = services
        self.notifications = notifications
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("n/{message}", use: follow)
    }

    @Sendable private func follow(_ request: Request, _ context: WebContext) async throws -> Response {
        if let opening = NewsLink.opening(request, message: context.parameters.get("message")) {
            notifications.openings.take(.opened(opening))
        }
        let isSomebody = (try? PageCaller.of(request, services)) != nil
        return SeeOther(isSomebody ? ToDoPageRoutes.path : "/").response
    }
}

/// What a request for a link proves.
enum NewsLink {
    /// Mail is read by scanners, which fetch every link: only where a browser says that it shows the page to somebody was it opened.
    ///
    /// - Returns: nil for anything else, and for what is no link of ours.
    static func opening(_ request: Request, message: String?) -> OpeningQueue.Opening? {
        guard request.method == .get, request.header("sec-fetch-mode") == "navigate", request.header("sec-fetch-dest") == "document",
            request.header("sec-purpose") == nil, request.header("purpose") == nil, let message, isMessage(message),
            let channel = request.query("c").flatMap(ChannelKind.init(rawValue:))
        else { return nil }
        return OpeningQueue.Opening(message: message, via: .link, channel: channel)
    }

    /// 32 hexadecimal digits in small letters.
    static func isMessage(_ text: String) -> Bool {
        text.utf8.count == 32 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
