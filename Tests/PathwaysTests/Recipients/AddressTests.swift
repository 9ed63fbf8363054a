import Pathways
import Testing

@Suite("Addresses are written in one way, and none is nonsense")
struct AddressTests {
    @Test(
        arguments: [
            ("claire.martin@Cabinet.Example", "claire.martin@cabinet.example"), ("a+b@x.example", "a+b@x.example"),
            ("O'Neil@x-y.example", "O'Neil@x-y.example"), ("claire@cabinet", nil), ("claire@@cabinet.example", nil), ("@cabinet.example", nil),
            ("claire@", nil), (".claire@cabinet.example", nil), ("cl..aire@cabinet.example", nil), ("claire@-cabinet.example", nil),
            ("claire@cabinet..example", nil), ("\"claire\"@cabinet.example", nil), ("claire@[127.0.0.1]", nil), ("claire@127.0.0.1", nil),
            ("claire martin@cabinet.example", nil), ("claire@cabinet.example\r\nBcc: x@y.example", nil), ("cläire@cabinet.example", nil),
            (String(repeating: "a", count: 65) + "@x.example", nil), ("a@" + String(repeating: "b", count: 64) + ".example", nil),
        ] as [(String, String?)]
    )
    func mail(text: String, normalised: String?) {
        #expect(ChannelAddress(kind: .email, address: text).normalised?.address == normalised)
        #expect(ChannelAddress(kind: .mssante, address: text).normalised?.address == normalised)
    }

    @Test(
        arguments: [
            ("+33639980001", "+33639980001"), ("06 39 98 00 01", "+33639980001"), ("07.11.22.33.44", "+33711223344"),
            ("0692123456", "+262692123456"), ("0690123456", "+590690123456"), ("0694123456", "+594694123456"), ("0696123456", "+596696123456"),
            ("0261910001", nil), ("063998000", nil), ("06399800011", nil), ("+0639980001", nil), ("+123456", nil), ("+1234567890123456", nil),
            ("33639980001", nil), ("06-39-98-00-01", nil), ("", nil), ("+33 6 ٣٩ 98 00 01", nil),
        ] as [(String, String?)]
    )
    func mobile(text: String, normalised: String?) {
        #expect(ChannelAddress(kind: .sms, address: text).normalised?.address == normalised)
    }

    @Test(arguments: [
        ("https://officine.example/relais", true), ("https://officine.example:8443/a?b=c", true), ("http://localhost:8080/in", true),
        ("http://127.0.0.1/in", true), ("http://[::1]:9/in", true), ("http://officine.example/relais", false), ("ftp://officine.example", false),
        ("https://", false), ("https://user:secret@officine.example/", false), ("https://officine.example/#a", false), ("officine.example", false),
        ("https://officine.example/a b", false), ("http://localhost.officine.example/", false), ("http://127.0.0.1.officine.example/", false),
        ("https://officine.example/" + String(repeating: "a", count: 500), false),
    ])
    func webhook(text: String, isAccepted: Bool) {
        #expect(ChannelAddress(kind: .webhook, address: text).normalised?.address == (isAccepted ? text : nil))
    }

    @Test func whatKnowsItsPersonHasNoAddress() {
        for kind in ChannelKind.allCases {
            #expect((ChannelAddress(kind: kind).normalised != nil) == !kind.hasAddress)
            if !kind.hasAddress { #expect(ChannelAddress(kind: kind, address: "x").normalised == nil) }
        }
    }
}
