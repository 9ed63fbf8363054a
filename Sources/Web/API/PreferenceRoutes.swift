import Coordination
import Hummingbird
import Pathways

/// How professionals are told: set by themselves, or by the référent-parcours for them.
struct PreferenceRoutes {
    private static let channelLimit = 10
    private static let addressLimit = 500
    private static let templateLimit = 200

    private let services: WebServices
    private let notifications: NotificationServices

    init(_ services: WebServices, _ notifications: NotificationServices) {
        self.services = services
        self.notifications = notifications
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("professionals/{rpps}/notifications", use: show)
        router.put("professionals/{rpps}/notifications", use: set)
    }

    @Sendable private func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let rpps = try request.person(context, services).rpps
        let recipient = try notifications.recipient(rpps.value)
        let territory = try services.territory().territory
        return try JSONAnswer.response(encoding: PreferenceDocument(recipient, in: territory, notifications))
    }

    @Sendable private func set(_ request: Request, _ context: WebContext) async throws -> Response {
        let rpps = try RPPS(try context.parameters.require("rpps"))
        let write = try await WriteRequest(request, services)
        try services.checkOwn(rpps, write.caller)
        let wishes = try wishes(in: write.body)
        // What the directory says, or was chosen elsewhere, may be kept.
        let kept = try notifications.recipient(rpps.value).channels(in: try services.territory().territory).map(\.kind)
        let known = Set(notifications.channels + kept)
        if let index = wishes.channels.firstIndex(where: { !known.contains($0.kind) }) {
            throw Problem.malformed(member: "channels[\(index)].kind", "must be a kind that this installation has; see `choices`")
        }
        return try await notifications.setChannels(wishes, rpps.value, write.caller, write.key).response()
    }

    private func wishes(in body: JSONObject) throws -> ChannelWishes {
        // Left out by mistake, it would silence somebody.
        guard body.has("channels") else { throw Problem.malformed(member: "channels", "must be there; [] is the person's own list alone") }
        let channels = try body.objects("channels") { (object) throws(CodecError) in
            ChannelAddress(kind: try object.word("kind"), address: try object.optionalString("address"))
        }
        guard channels.count <= Self.channelLimit, channels.allSatisfy({ ($0.address?.utf8.count ?? 0) <= Self.addressLimit }) else {
            throw Problem.malformed(
                member: "channels",
                "must have at most \(Self.channelLimit) entries, with addresses of at most \(Self.addressLimit) characters"
            )
        }
        let muted = try body.strings("mutedTemplates")
        guard muted.count <= Self.templateLimit else {
            throw Problem.malformed(member: "mutedTemplates", "must have at most \(Self.templateLimit) entries")
        }
        let hours = try body.optionalObject("quietHours").map { object in
            guard let hours = QuietHours(from: try object.string("from"), to: try object.string("to")) else {
                throw Problem.malformed(member: "quietHours", "must have two times of the day, as \"20:00\"")
            }
            return hours
        }
        return ChannelWishes(channels: channels, quietHours: hours, mutedTemplates: muted)
    }
}
