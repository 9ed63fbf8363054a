import Configuration
import Foundation
import NotificationChannels

/// An HTTP gateway for text messages.
///
/// Keys: `gateway` (URL), `tokenFile`, `country` (code of numbers that begin with a single 0, default `33`), `authorities`, and how the
/// gateway names what it is sent: `fieldTo`, `fieldText`, `fieldReference`, `fieldReceipt`, `fieldSender` with `sender`; `parallel`.
struct SMSSettings: Sendable {
    let gateway: WebAddress
    let token: String
    let country: String
    let fields: SMSGatewayChannel.Fields
    let tls: TLSMaterial
    let parallel: Int

    /// Nil if no gateway is named.
    /// - Throws: `Failure`.
    init?(from reader: ConfigReader) throws {
        guard let text = reader.string(forKey: "gateway") else { return nil }
        guard let gateway = WebAddress(text) else { throw Failure(.usage, "relais.sms.gateway must be a web address") }
        guard let file = reader.string(forKey: "tokenFile") else { throw Failure(.usage, "relais.sms.tokenFile is missing") }
        self.gateway = gateway
        token = try NotificationSettings.secret(inFile: file, of: "relais.sms.tokenFile")
        country = reader.string(forKey: "country") ?? "33"
        var fields = SMSGatewayChannel.Fields()
        fields.to = reader.string(forKey: "fieldTo") ?? fields.to
        fields.text = reader.string(forKey: "fieldText") ?? fields.text
        fields.reference = reader.string(forKey: "fieldReference") ?? fields.reference
        fields.receipt = reader.string(forKey: "fieldReceipt") ?? fields.receipt
        if let sender = reader.string(forKey: "sender") { fields.fixed[reader.string(forKey: "fieldSender") ?? "from"] = sender }
        self.fields = fields
        tls = TLSMaterial(authorities: reader.string(forKey: "authorities"))
        parallel = try MailSettings.parallel(reader, "relais.sms")
    }
}
