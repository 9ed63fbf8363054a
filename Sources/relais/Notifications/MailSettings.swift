import Configuration
import Foundation
import NotificationChannels

/// A mail server and our account there.
///
/// Keys: `server` (`smtps://HOST:PORT`, `smtp://HOST:PORT` with STARTTLS, `smtp+plain://127.0.0.1:PORT` for one on this machine; a mailbox:
/// `imaps://`, `imap://` with STARTTLS), `sender` (our address), `senderName`, `authorities`, `certificate`, `key` (PEM files), `user`,
/// `passwordFile`, `helloName` (our host name; default: the sender's domain), `parallel` (connections at most, default 8).
struct MailSettings: Sendable {
    let server: MailServer
    /// Nil of a mailbox.
    let sender: AddrSpec?
    let senderName: String?
    let parallel: Int

    static let submission: [String: (MailServer.Protection, Int)] = [
        "smtps": (.implicitTLS, 465), "smtp": (.startTLS, 587), "smtp+plain": (.none, 25),
    ]
    static let retrieval: [String: (MailServer.Protection, Int)] = ["imaps": (.implicitTLS, 993), "imap": (.startTLS, 143)]

    /// Nil if no server is named.
    /// - Parameter section: what the keys begin with, for words.
    /// - Throws: `Failure`.
    init?(from reader: ConfigReader, of section: String, schemes: [String: (MailServer.Protection, Int)]) throws {
        guard let text = reader.string(forKey: "server") else { return nil }
        guard let parts = URLComponents(string: text), let host = parts.host, let (protection, port) = schemes[parts.scheme ?? ""] else {
            let forms = schemes.keys.sorted().map { "\($0)://HOST:PORT" }.joined(separator: ", ")
            throw Failure(.usage, "\(section).server must be one of \(forms)")
        }
        let isMailbox = schemes["imaps"] != nil
        var sender: AddrSpec?
        if !isMailbox {
            guard let address = reader.string(forKey: "sender"), let known = AddrSpec(address) else {
                throw Failure(.usage, "\(section).sender must be the mail address that we send from")
            }
            sender = known
        }
        var credentials: Credentials?
        if let user = reader.string(forKey: "user") {
            guard let file = reader.string(forKey: "passwordFile") else { throw Failure(.usage, "\(section).passwordFile is missing") }
            credentials = Credentials(name: user, password: try NotificationSettings.secret(inFile: file, of: "\(section).passwordFile"))
        }
        let tls = TLSMaterial(
            authorities: reader.string(forKey: "authorities"),
            certificate: reader.string(forKey: "certificate"),
            key: reader.string(forKey: "key")
        )
        for file in [tls.authorities, tls.certificate, tls.key].compactMap({ $0 }) where !FileManager.default.isReadableFile(atPath: file) {
            throw Failure(.usage, "\(section): \(file) cannot be read")
        }
        do {
            server = try MailServer(
                host: host,
                port: parts.port ?? port,
                protection: protection,
                tls: tls,
                credentials: credentials,
                helloName: reader.string(forKey: "helloName") ?? sender?.domain ?? "localhost"
            )
        } catch {
            throw Failure(.usage, "\(section).\(error)")
        }
        if protection == .none, !["127.0.0.1", "localhost", "::1"].contains(host) {
            throw Failure(.usage, "\(section).server: mail leaves this machine encrypted only; use smtp:// (STARTTLS) or smtps://")
        }
        self.sender = sender
        senderName = reader.string(forKey: "senderName")
        parallel = try Self.parallel(reader, section)
    }

    static func parallel(_ reader: ConfigReader, _ section: String) throws -> Int {
        guard let text = ServeSettings.number("parallel", reader) else { return 8 }
        guard let number = Int(text), (1...64).contains(number) else { throw Failure(.usage, "\(section).parallel must be 1 to 64") }
        return number
    }
}
