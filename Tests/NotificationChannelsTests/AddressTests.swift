import Testing

@testable import NotificationChannels

/// What may be an address, and what would be something else in a header or a command.
@Suite struct AddressTests {
    @Test(arguments: ["ide@mssante.test", "a.b+c@d-e.f", "o'neil@x.fr", "\(String(repeating: "a", count: 64))@x.fr"])
    func mailAddress(_ text: String) {
        #expect(AddrSpec(text)?.description == text)
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a@b@c", "a b@c.d", "a@b c", "a@b\r\n", "a\n@b", "<a@b>", "a@b>", "\"a\"@b", "a..b@c", ".a@b", "a@-b", "a@b.", "é@b.fr",
        "a@bé.fr", "a,b@c", "a@[127.0.0.1]", "\(String(repeating: "a", count: 65))@x.fr",
    ])
    func noMailAddress(_ text: String) {
        #expect(AddrSpec(text) == nil)
    }

    @Test(arguments: [
        ("https://a.test/x?y=1", "a.test:443"), ("HTTPS://A.test", "a.test:443"), ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("https://[::1]:9/x", "[::1]:9"),
    ])
    func webAddress(_ text: String, _ destination: String) {
        #expect(WebAddress(text)?.destination == destination)
    }

    @Test(arguments: [
        "", "a.test", "ftp://a.test", "file:///etc/passwd", "https://", "https:///x", "https://u:p@a.test/", "https://a.test/#x", "https://a.test:0/",
        "https://a.test:99999/", "https://a.test:/", "https://a test/", "https://a.test/\r\nX: y", "https://a_b.test/", "https://[::1/",
        "https://a.test\\@b.test/",
        "https://é.test/",
    ])
    func noWebAddress(_ text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test(arguments: [("https://localhost/", true), ("http://127.1.2.3:80/", true), ("http://127.evil.test/", false), ("http://10.0.0.1/", false)])
    func loopback(_ text: String, _ isLoopback: Bool) {
        #expect(WebAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("06 12 34 56 78", "+33612345678"), ("+33 6.12.34.56.78", "+33612345678"), ("0033612345678", "+33612345678"),
        ("+1-202-555-0100", "+12025550100"),
    ])
    func phoneNumber(_ text: String, _ number: String) {
        #expect(PhoneNumber(text)?.description == number)
    }

    @Test(arguments: ["", "12", "+", "+0612345678", "06 12 34 56 7x", "+336123456781234567", "0612345678\n", "٠٦١٢٣٤٥٦٧٨", "tel:+33612345678"])
    func noPhoneNumber(_ text: String) {
        #expect(PhoneNumber(text) == nil)
    }

    @Test func servers() throws {
        let password = Credentials(name: "n", password: "hidden-word")
        #expect(throws: ChannelConfigurationError.credentialsInClear) {
            try MailServer(host: "a.test", port: 25, protection: .none, credentials: password, helloName: "b.test")
        }
        #expect(throws: ChannelConfigurationError.self) { try MailServer(host: "a test", port: 25, protection: .none, helloName: "b") }
        #expect(throws: ChannelConfigurationError.self) { try MailServer(host: "a", port: 25, protection: .none, helloName: "b\r\nRSET") }
        #expect(throws: ChannelConfigurationError.self) { try MailServer(host: "a", port: 70_000, protection: .none, helloName: "b") }
        var shown = "\(password)"
        dump(password, to: &shown)
        dump(try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")), to: &shown)
        #expect(!shown.contains("hidden-word") && !shown.contains("MfKQ") && !shown.contains("49"))
        let inClear = try MailServer(host: "a.test", port: 25, protection: .none, helloName: "b.test")
        let sender = try #require(AddrSpec("a@b.test"))
        #expect(throws: ChannelConfigurationError.self) {
            try SecureMailChannel(server: inClear, sender: sender, allowedDomains: [], logger: Way.quiet)
        }
        let plain = try #require(WebAddress("http://sms.test/send"))
        #expect(throws: ChannelConfigurationError.credentialsInClear) { try SMSGatewayChannel(gateway: plain, token: "t", logger: Way.quiet) }
    }
}
