import NotificationChannels
import Testing

/// Which addresses an operator's list of hosts lets be called.
struct AllowedEndpointsTests {
    @Test(arguments: [
        ("pharmacie.example", "https://pharmacie.example/hook", true), ("pharmacie.example", "https://pharmacie.example:443/hook", true),
        ("pharmacie.example", "https://pharmacie.example:8443/hook", false), ("pharmacie.example", "https://PHARMACIE.example/hook", true),
        ("Pharmacie.Example", "https://pharmacie.example", true), ("pharmacie.example:8443", "https://pharmacie.example:8443/", true),
        ("pharmacie.example:8443", "https://pharmacie.example/", false), ("pharmacie.example:443", "https://pharmacie.example/", true),
        ("pharmacie.example", "https://sub.pharmacie.example/", false), ("pharmacie.example", "https://pharmacie.example.evil.example/", false),
        ("127.0.0.1", "http://127.0.0.1/", true), ("127.0.0.1", "http://127.0.0.1:5432/", false), ("127.0.0.1", "http://127.0.0.1:443/", false),
        ("[::1]:8080", "http://[::1]:8080/", true), ("[::1]", "http://[::1]:8080/", false),
    ])
    func places(_ entry: String, _ address: String, _ isAllowed: Bool) throws {
        let called = try #require(WebAddress(address))
        #expect(try AllowedEndpoints([entry]).allows(called) == isAllowed)
    }

    @Test func withoutEntriesNothingIsAllowed() throws {
        let called = try #require(WebAddress("https://pharmacie.example/"))
        #expect(AllowedEndpoints().isEmpty && !AllowedEndpoints().allows(called))
    }

    @Test(arguments: ["", "https://pharmacie.example", "pharmacie.example/hook", "a:0", "a:65536", "a:", "a@b", "a b", "::1", "a?b", "a#b"])
    func whatIsNoPlaceIsNamed(_ entry: String) {
        #expect(throws: AllowedEndpoints.Failure.self) { try AllowedEndpoints(["pharmacie.example", entry]) }
    }
}
