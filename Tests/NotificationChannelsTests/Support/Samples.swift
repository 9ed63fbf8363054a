import Foundation
import NotificationChannels
import Timekeeping

/// Messages as the renderer makes them.
enum Sample {
    static func id() -> String { UUID().uuidString.lowercased().replacingOccurrences(of: "-", with: "") }

    static func message(
        id: String = Sample.id(),
        subject: String = "Sortie prévue de Mme Léa DURAND — à confirmer",
        text: String = "Bonjour,\nsortie prévue le 24/11. Œdème à surveiller.\n.\n..\nFrom: personne\n",
        link: String? = "https://relais.test/m/1"
    ) -> RenderedMessage {
        RenderedMessage(
            id: id,
            messageID: "<\(id).mssante@relais.test>",
            subject: subject,
            text: text,
            link: link,
            keys: ["e1/10003456789/planned-discharge", "e2/10003456789/planned-discharge"],
            createdAt: Instant(millisecondsSinceEpoch: 1_795_365_042_000),
            urgency: .urgent
        )
    }

    /// 64 KiB of lines with letters beyond ASCII.
    static var longText: String { String(repeating: "Ligne d’été à vérifier, n° 42 = 100 %.\r\n", count: 1_490) }
}
