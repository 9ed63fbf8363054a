import Configuration
import Foundation
import NotificationChannels

/// Which channels this installation has, and how it names itself in messages. Without any of it, news are in people's lists and in the feed
/// alone.
///
/// Keys of the JSON file, each also in the environment (`relais.mssante.server` is `RELAIS_MSSANTE_SERVER`):
/// - `relais.notifications.link`: where the links of messages lead, as `https://relais.cpts.example`; default: where pages are served.
/// - `relais.notifications.domain`: the right side of Message-ID; default: the host of the link.
/// - `relais.notifications.mergeMinutes` (0 to 240, default 15): how long routine news wait for others.
/// - `relais.notifications.by` (`here` or `notifiers`, default `here`): whether the writer tells people, or nodes that run
///   `relais follow --role notifications`.
/// - `relais.notifications.itemsPerMessage` (1 to 50, default 50): news in one message at most.
/// - `relais.notifications.dryRun` (`true`): decide everything, hand nothing over.
/// - `relais.mssante.…` and `relais.email.…`: a ``MailSettings`` each; `relais.mssante.domains`: the domains that secure mail may go to.
/// - `relais.sms.…`: an ``SMSSettings``.
/// - `relais.webhook.hosts`: what may be called, each `HOST`, for its usual port alone, or `HOST:PORT`; `relais.webhook.authorities`: whom their certificates are checked by.
/// - `relais.mailbox.…`: the mailbox that reports come back to: `server` (`imaps://HOST:PORT`), `user`, `passwordFile`, `authorities`.
/// - `relais.sandbox.folder`: for training: every message is written there, and none goes anywhere else.
struct NotificationSettings: Sendable {
    var link: String?
    var domain: String?
    var mergeMinutes: Int64?
    var itemsPerMessage: Int?
    var dryRun = false
    var by = Teller.here
    var mssante: MailSettings?
    var mssanteDomains: [String] = []
    var email: MailSettings?
    var sms: SMSSettings?
    var webhooks = AllowedEndpoints()
    var webhookAuthorities: String?
    var mailbox: MailSettings?
    var sandbox: String?

    /// Who tells people of what the writer records.
    enum Teller: String, Sendable {
        case here, notifiers
    }

    init() {}

    /// - Throws: `Failure` naming the key that cannot be so, before anything is served.
    init(from reader: ConfigReader) throws {
        link = reader.string(forKey: "notifications.link")
        domain = reader.string(forKey: "notifications.domain")
        if let text = ServeSettings.number("notifications.mergeMinutes", reader) {
            guard let minutes = Int64(text), (0...240).contains(minutes) else {
                throw Failure(.usage, "relais.notifications.mergeMinutes must be 0 to 240")
            }
            mergeMinutes = minutes
        }
        if let text = ServeSettings.number("notifications.itemsPerMessage", reader) {
            guard let items = Int(text), (1...50).contains(items) else {
                throw Failure(.usage, "relais.notifications.itemsPerMessage must be 1 to 50")
            }
            itemsPerMessage = items
        }
        dryRun = try Self.flag("notifications.dryRun", reader)
        if let text = reader.string(forKey: "notifications.by") {
            guard let teller = Teller(rawValue: text) else { throw Failure(.usage, "relais.notifications.by must be here or notifiers") }
            by = teller
        }
        if let link {
            guard let address = WebAddress(link), !link.contains("?") else {
                throw Failure(.usage, "relais.notifications.link must be a web address such as https://relais.cpts.example")
            }
            domain = domain ?? address.host
        }
        mssante = try MailSettings(from: reader.scoped(to: "mssante"), of: "relais.mssante", schemes: MailSettings.submission)
        mssanteDomains = Self.words("mssante.domains", reader)
        if mssante != nil, mssanteDomains.isEmpty {
            throw Failure(.usage, "relais.mssante.domains is missing: the domains that secure mail may go to, such as medecin.mssante.fr")
        }
        email = try MailSettings(from: reader.scoped(to: "email"), of: "relais.email", schemes: MailSettings.submission)
        sms = try SMSSettings(from: reader.scoped(to: "sms"))
        do {
            webhooks = try AllowedEndpoints(Self.words("webhook.hosts", reader))
        } catch {
            throw Failure(.usage, "relais.webhook.hosts: \(error.entry) is neither a host nor HOST:PORT")
        }
        webhookAuthorities = reader.string(forKey: "webhook.authorities")
        mailbox = try MailSettings(from: reader.scoped(to: "mailbox"), of: "relais.mailbox", schemes: MailSettings.retrieval)
        sandbox = reader.string(forKey: "sandbox.folder")
        if let sandbox {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: sandbox, isDirectory: &isFolder), isFolder.boolValue else {
                throw Failure(.usage, "relais.sandbox.folder: there is no folder \(sandbox)")
            }
        }
    }

    private static func words(_ key: ConfigKey, _ reader: ConfigReader) -> [String] {
        let lines = reader.stringArray(forKey: key) ?? reader.string(forKey: key).map { [$0] } ?? []
        return lines.flatMap { line in line.split { $0 == " " || $0 == "," }.map(String.init) }
    }

    private static func flag(_ key: ConfigKey, _ reader: ConfigReader) throws -> Bool {
        if let value = reader.bool(forKey: key) { return value }
        guard let text = reader.string(forKey: key) else { return false }
        guard let value = Bool(text) else { throw Failure(.usage, "relais.\(key) must be true or false") }
        return value
    }

    /// The password in a file, without the line break that editors leave.
    static func secret(inFile path: String, of key: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
            throw Failure(.usage, "\(key): \(path) cannot be read")
        }
        let secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else { throw Failure(.usage, "\(key): \(path) is empty") }
        return secret
    }
}
