/// One news in a message, as the ledger keeps it: names nobody but by ids of the log.
public struct ToldItem: Hashable, Sendable {
    /// Id of the event that it tells.
    public let event: String
    public let template: String
    /// Hex of the pathway's stream.
    public let pathway: String?
    public let followUp: String?

    public init(event: String, template: String, pathway: String? = nil, followUp: String? = nil) {
        self.event = event
        self.template = template
        self.pathway = pathway
        self.followUp = followUp
    }

    public init(_ news: News) {
        self.init(event: news.key.event, template: news.key.template, pathway: news.pathway, followUp: news.key.followUp)
    }

    public func key(for recipient: String) -> NewsKey {
        NewsKey(event: event, recipient: recipient, template: template, followUp: followUp)
    }

    init(from json: JSONObject) throws(CodecError) {
        event = try json.string("event")
        template = try json.string("template")
        pathway = try json.optionalString("pathway")
        followUp = try json.optionalString("followUp")
    }

    func write(to json: inout JSONWriter) {
        json.write("event", event)
        json.write("template", template)
        json.write("pathway", pathway)
        json.write("followUp", followUp)
    }
}
