import NotificationChannels
import Notifications
import Pathways
import Testing

struct PreviewGoldenTests {
    private static func preview() throws -> TemplatePreview {
        let settings = try RenderingSettings(base: "https://relais.example/", domain: "relais.example")
        return try TemplatePreview(book: .shipped(), table: .shipped(), settings: settings)
    }

    private static func written(_ message: RenderedMessage) -> String { "Objet : \(message.subject)\n\n\(message.text)\n" }

    @Test func everyTemplateOfTheTableReadsAsItsGoldenFile() throws {
        let preview = try Self.preview()
        #expect(Set(preview.templates) == (try NewsTable.shipped().templates))
        for template in preview.templates {
            try GoldenFile.expect(Self.written(preview.render(template: template, channel: .mssante)), equals: template)
        }
    }

    @Test func severalNewsReadAsTheirGoldenFile() throws {
        let templates = ["discharge-notice", "offer-named", "offer-pool", "follow-up-overdue"]
        try GoldenFile.expect(Self.written(Self.preview().render(templates: templates, channel: .mssante)), equals: "_several")
    }

    @Test func aReminderReadsAsItsGoldenFile() throws {
        try GoldenFile.expect(
            Self.written(Self.preview().render(template: "offer-named", channel: .mssante, reminder: 1)),
            equals: "_reminder"
        )
    }

    @Test(arguments: [ChannelKind.email, .sms, .webhook, .inapp, .sandbox])
    func eachChannelReadsAsItsGoldenFile(_ channel: ChannelKind) throws {
        let templates = ["offer-named", "alert-sign", "discharge-notice"]
        try GoldenFile.expect(Self.written(Self.preview().render(templates: templates, channel: channel)), equals: "_\(channel.rawValue)")
    }

    @Test func noGoldenFileIsOfNothing() throws {
        let extra = try GoldenFile.names.subtracting(NewsTable.shipped().templates).filter { !$0.hasPrefix("_") }
        #expect(extra.isEmpty)
    }
}
