import NotificationChannels
import Notifications
import Pathways
import Testing

/// What this installation could never bring is refused when somebody wishes for it.
struct ChannelBookTests {
    private let book = ChannelBook([.email: ScriptedChannel(.email), .webhook: ScriptedChannel(.webhook)]) { channel in
        channel.kind != .webhook || channel.address == "https://pharmacie.example/hook"
    }
    private static let sms = ChannelAddress(kind: .sms, address: "+33639980001")
    private static let mail = ChannelAddress(kind: .email, address: "ide@city.example")
    private static let allowed = ChannelAddress(kind: .webhook, address: "https://pharmacie.example/hook")
    private static let elsewhere = ChannelAddress(kind: .webhook, address: "https://elsewhere.example/hook")

    @Test(
        arguments: [
            ([], [], nil), ([mail, allowed], [], nil), ([mail, sms], [], ChannelBook.Refusal.notInstalled), ([elsewhere], [], .notAllowed),
            // What was there before the settings changed may stay.
            ([sms, elsewhere], [elsewhere, sms], nil), ([elsewhere], [allowed], .notAllowed), ([ChannelAddress(kind: .inapp)], [], nil),
        ] as [([ChannelAddress], [ChannelAddress], ChannelBook.Refusal?)]
    )
    func refusals(_ wishes: [ChannelAddress], _ kept: [ChannelAddress], _ expected: ChannelBook.Refusal?) {
        let found = book.refusal(of: wishes, keeping: kept)
        #expect(found?.refusal == expected)
        if let found { #expect(found.index == wishes.count - 1) }
    }
}
