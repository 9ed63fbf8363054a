import Coordination
import FrenchText
import Notifications
import Pathways
import Testing
import Timekeeping

@testable import Web

/// Pages and rows about telling people, with fictional ones.
enum NotificationMocks {
    static let message = "00112233445566778899aabbccddeeff"

    static func at(_ time: String) throws -> Instant { try Mocks.instant("2026-11-22T\(time):00+01:00") }

    static func preferences() async throws -> PreferencePage {
        let house = try await House()
        let territory = try house.services.territory()
        let caller = try PageCaller(rpps: TestTerritory.referent, in: territory)
        let wishes = ChannelsSet(
            recipient: TestTerritory.referent,
            channels: [
                ChannelAddress(kind: .email, address: "camille.moreau@cpts.example"), ChannelAddress(kind: .sms, address: "+33639980001"),
            ],
            quietHours: QuietHours(from: 20 * 60, to: 7 * 60),
            mutedTemplates: ["prado-left"],
            by: caller.caller.attribution
        )
        return PreferencePage(
            Recipient(rpps: TestTerritory.referent, folding: [.channelsSet(wishes)]),
            in: territory.territory,
            caller: caller,
            offered: [.mssante, .email, .webhook],
            mutable: [("discharge-notice", "Une sortie d’hôpital"), ("prado-left", "Fin du service PRADO")],
            flash: Flash(.channelsSet),
            key: "0192-cle"
        )
    }

    static func stopped() async throws -> StoppedPage {
        let house = try await House()
        let state = try house.services.territory()
        return StoppedPage(
            parked: [
                StoppedMessage(
                    message: message,
                    recipient: TestTerritory.nurse,
                    templates: ["offer-named", "offer-named"],
                    since: try at("08:40"),
                    cause: .parked(problem: "offer-named: {care} ?")
                )
            ],
            undeliverable: [
                StoppedMessage(
                    message: String(message.reversed()),
                    recipient: TestTerritory.gp,
                    templates: ["discharge-notice"],
                    since: try at("08:50"),
                    cause: .undeliverable(.expired, tried: [.mssante, .sms], told: TestTerritory.referent)
                ),
                StoppedMessage(
                    message: message.replacing("0", with: "1"),
                    recipient: TestTerritory.referent,
                    templates: ["prado-left"],
                    since: try at("08:55"),
                    cause: .undeliverable(.noChannel, tried: [], told: nil)
                ),
            ],
            caller: try PageCaller(rpps: TestTerritory.referent, in: state),
            flash: Flash(.nothingToTry),
            PeopleNames(house.services, state.territory),
            try FormClock.of(house.services, house.clock.now),
            title: { TestNotifier.titles[$0] ?? $0 }
        )
    }

    /// The unit's contact was told; the doctor was reminded, read and answered; the pharmacist could not be reached.
    static func rows() throws -> [LedgerRow] {
        [
            LedgerRow(
                message: message,
                recipient: TestTerritory.gp,
                template: "offer-named",
                handOvers: [.init(channel: .mssante, at: try at("09:01")), .init(channel: .sms, reminder: 1, at: try at("09:10"))],
                deliveredAt: try at("09:02"),
                openedAt: try at("09:20"),
                actedAt: try at("09:25")
            ),
            LedgerRow(
                message: "1\(message.dropFirst())",
                recipient: TestTerritory.cardiology,
                template: "discharge-notice",
                handOvers: [.init(channel: .email, at: try at("09:05"))]
            ),
            LedgerRow(
                message: "2\(message.dropFirst())",
                recipient: TestTerritory.pharmacist,
                template: "discharge-notice",
                handOvers: [.init(channel: .email, at: try at("09:00"))],
                returns: [.init(channel: .email, reason: .unknownAddress, at: try at("09:06"))],
                failure: .init(reason: .refused, told: TestTerritory.referent, at: try at("09:07"))
            ),
        ]
    }

    static func ledger(of pathway: Pathway, for caller: PageCaller, _ house: House, _ clock: FrenchClock) throws -> PathwayLedger {
        let view = LedgerView(
            try rows(),
            of: pathway,
            for: caller.rpps,
            seesAll: caller.isReferent || caller.isHospital,
            referent: TestTerritory.referent
        )
        return PathwayLedger(view, PeopleNames(house.services, try house.services.territory().territory), clock) {
            TestNotifier.titles[$0] ?? $0
        }
    }
}
