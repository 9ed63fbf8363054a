import Logging
import NotificationChannels
import Notifications
import Pathways
import Timekeeping

extension NotificationSettings {
    /// The channels that these settings name. In training there is only the folder that everything is written to.
    ///
    /// - Throws: `Failure` naming the section that no channel can be made of.
    func channels(secrets: WebhookSecrets, time: TimeSource, logger: Logger) throws -> ChannelBook {
        if let sandbox { return ChannelBook([.sandbox: SandboxChannel(folder: sandbox)], parallel: [.sandbox: 4]) }
        var channels: [ChannelKind: any NotificationChannel] = [:]
        var parallel: [ChannelKind: Int] = [:]
        do {
            if let mssante, let sender = mssante.sender {
                channels[.mssante] = try SecureMailChannel(
                    server: mssante.server,
                    sender: sender,
                    senderName: mssante.senderName,
                    allowedDomains: mssanteDomains,
                    parallel: mssante.parallel,
                    logger: logger
                )
                parallel[.mssante] = mssante.parallel
            }
        } catch {
            throw Failure(.usage, "relais.mssante: \(error)")
        }
        if let email, let sender = email.sender {
            channels[.email] = OpenMailChannel(
                server: email.server,
                sender: sender,
                senderName: email.senderName,
                parallel: email.parallel,
                logger: logger
            )
            parallel[.email] = email.parallel
        }
        if let sms {
            do {
                channels[.sms] = try SMSGatewayChannel(
                    gateway: sms.gateway,
                    token: sms.token,
                    fields: sms.fields,
                    country: sms.country,
                    tls: sms.tls,
                    parallel: sms.parallel,
                    logger: logger
                )
            } catch {
                throw Failure(.usage, "relais.sms: \(error)")
            }
            parallel[.sms] = sms.parallel
        }
        if !webhooks.isEmpty {
            let allowed = webhooks
            channels[.webhook] = WebhookChannel(time: time, tls: TLSMaterial(authorities: webhookAuthorities), logger: logger) {
                secrets.secrets(for: $0, allowed: allowed)
            }
            parallel[.webhook] = 32
        }
        return ChannelBook(channels, parallel: parallel) { [webhooks] wish in
            guard wish.kind == .webhook, let address = wish.address else { return true }
            return WebAddress(address).map(webhooks.allows) ?? false
        }
    }

    /// The mailbox that reports come back to; nil if there is none.
    func reports(logger: Logger) -> MailboxReader? { mailbox.map { MailboxReader(server: $0.server, logger: logger) } }
}
