import Coordination
import FrenchText
import Hummingbird
import Testing

@testable import Web

@Suite struct LoopbackOnlyTests {
    @Test(arguments: ["127.0.0.1", "127.255.1.2", "::1", "[::1]", "localhost", "LocalHost", "/run/relais.sock", "unix:/run/relais.sock"])
    func acceptsThisMachine(host: String) throws {
        try LoopbackOnly.check(host: host)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.1.10", "10.0.0.1", "relais.example.org", "127.0.0.1.example.org", "127.0.0", "127.0.0.256", "1270.0.1", "",
        "localhost.example.org", "127.0.0.1 ", "::ffff:10.0.0.1",
    ])
    func refusesOthersAndSaysWhy(host: String) throws {
        let refusal = try #require(throws: LoopbackOnly.Refusal.self) { try LoopbackOnly.check(host: host) }
        #expect(refusal.description.contains("no accounts"))
    }
}

@Suite struct CursorTests {
    @Test(arguments: [Cursor(asOf: 0, after: 0), Cursor(asOf: 9, after: 3), Cursor(asOf: .max, after: .max)])
    func isReadBack(cursor: Cursor) {
        #expect(Cursor(cursor.text) == cursor)
        #expect(cursor.text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    }

    @Test(arguments: ["", "x", "MTow", "1:2:3", "LTE6Mjoz", String(repeating: "A", count: 10_000)])
    func refusesAnythingElse(text: String) {
        #expect(Cursor(text) == nil)
    }
}

@Suite struct FormBodyTests {
    @Test func decodesFields() {
        let form = FormBody(bytes: Array("a=1+2&b=%C3%A9t%C3%A9&a=9&c=&d&e=x%3Dy&%zz=1&f=%zz".utf8))
        #expect(form["a"] == "1 2")
        #expect(form["b"] == "été")
        #expect(form["c"] == nil)
        #expect(form["d"] == nil)
        #expect(form["e"] == "x=y")
        #expect(form["f"] == nil)
    }

    @Test func keysDependOnPurposeAndKey() {
        let form = FormBody(bytes: Array("cle=abc&motif=absent".utf8))
        #expect(form.requestKey("accepter/1")?.key != form.requestKey("decliner/1")?.key)
        #expect(FormBody(bytes: Array("motif=absent".utf8)).requestKey("x") == nil)
    }
}

@Suite struct OriginGuardTests {
    @Test(arguments: [("localhost:8080", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]:8080", "[::1]"), ("[::1]", "[::1]")])
    func findsTheHost(authority: String, host: String) {
        #expect(OriginGuard.host(of: authority) == Substring(host))
    }

    private func request(_ headers: HTTPFields) -> Request {
        Request(
            head: HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:8080", path: "/", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer())
        )
    }

    @Test(arguments: [("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("x", "y")])
    func letsOurOwnFormsThrough(name: String, value: String) throws {
        #expect(OriginGuard.isCrossSite(request([try #require(HTTPFields.Element.Name(name)): value])) == false)
    }

    @Test(arguments: [
        ("origin", "https://example.org"), ("origin", "null"), ("origin", "http://127.0.0.1:9999"), ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ])
    func refusesOtherSites(name: String, value: String) throws {
        #expect(OriginGuard.isCrossSite(request([try #require(HTTPFields.Element.Name(name)): value])))
    }
}

@Suite struct FrenchTypographyTests {
    @Test func marksStayWithTheirWord() {
        #expect(FrenchTypography.apply(to: "Quoi ? « Ceci » : oui ; non !") == "Quoi\u{A0}? «\u{A0}Ceci\u{A0}»\u{A0}: oui\u{A0}; non\u{A0}!")
    }

    @Test func pagesAreLaidOutSo() async throws {
        for (name, html) in try await TemplateTests.pages() {
            #expect(html.firstMatch(of: /\ [?!:;»]|«\ /) == nil, "\(name)")
        }
    }
}
