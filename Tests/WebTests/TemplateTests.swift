import Foundation
import Hummingbird
import Pathways
import Testing
import Timekeeping

@testable import Projections
@testable import Web

@Suite struct TemplateTests {
    private let renderer: PageRenderer

    init() throws { renderer = try PageRenderer() }

    @Test func everyVariableIsKnownToItsViewModel() async throws {
        let lint = TemplateLint(sources: PageRenderer.sources)
        var unknown = try lint.unknownVariables(of: Mocks.nurse(follows: true))
        unknown += try lint.unknownVariables(of: Mocks.referent())
        unknown += try lint.unknownVariables(of: Mocks.home())
        unknown += try lint.unknownVariables(of: ErrorPage(.notFound))
        unknown += try await lint.unknownVariables(of: NotificationMocks.preferences())
        unknown += try await lint.unknownVariables(of: NotificationMocks.stopped())
        unknown += try await lint.unknownVariables(of: PathwayMocks.page(as: TestTerritory.cardiology))
        unknown += try await lint.unknownVariables(of: PathwayMocks.page(as: TestTerritory.gp, asOf: 6))
        unknown += try await lint.unknownVariables(of: PathwayMocks.why())
        #expect(Set(unknown).sorted() == [])
    }

    @Test func theLintFindsFaults() throws {
        func faults(_ template: String) throws -> [String] {
            try TemplateLint(sources: ["erreur": template]).unknownVariables(of: ErrorPage(.notFound))
        }
        #expect(try faults("{{heading}}{{#head}}{{title}}{{words}}{{/head}}") == [])
        #expect(try faults("{{heding}}") == ["erreur: {{heding}}"])
        #expect(try faults("{{head.titel}}") == ["erreur: {{head.titel}}"])
        #expect(try faults("{{#headd}}x{{/headd}}") == ["erreur: {{#headd}}"])
        #expect(throws: TemplateLint.Fault.self) { try faults("{{#head}}") }
        #expect(throws: TemplateLint.Fault.self) { try faults("{{>absent}}") }
    }

    @Test func faultyTemplatesAreFoundAtTheStart() {
        for (source, problem) in [
            ("{{{heading}}}", "uses unescaped output"), ("{{&heading}}", "uses unescaped output"), ("{{#a}}", "cannot be parsed"),
        ] {
            var sources = PageRenderer.sources
            sources["erreur"] = source
            let fault = #expect(throws: TemplateFault.self) { try PageRenderer(sources: sources) }
            #expect(fault?.description.contains(problem) == true)
        }
        var sources = PageRenderer.sources
        sources["parcours"] = nil
        #expect(throws: TemplateFault(template: "parcours", problem: "is missing")) { try PageRenderer(sources: sources) }
    }

    @Test func aHostileNameIsText() throws {
        let now = try Mocks.instant("2026-11-22T09:00:00+01:00")
        let hostile = #"<script>alert("x")</script>'&"#
        let patient = PatientSummary(
            birthFamilyName: hostile,
            usedFamilyName: hostile,
            givenName: hostile,
            birthDate: hostile,
            sex: hostile,
            phone: hostile,
            address: hostile,
            postalCode: hostile,
            city: hostile
        )
        let item = try Mocks.item(hostile, .accepted, hostile, now: now, patient: patient, pathway: hostile)
        let html = renderer.html(ToDoPage(Mocks.list([item], now: now), try Mocks.surroundings()))
        #expect(!html.contains("<script") && !html.contains(#""x""#))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test(arguments: FlashMessage.allCases)
    func everyMessageHasWords(message: FlashMessage) {
        #expect(message.text.last == ".")
        #expect(message.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
    }

    // MARK: - Pages

    /// Every page, with everything on it.
    static func pages() async throws -> [(name: String, html: String)] {
        let renderer = try PageRenderer()
        return [
            ("accueil", renderer.html(try Mocks.home())),
            ("a-faire", renderer.html(try Mocks.nurse())),
            ("a-faire-referent", renderer.html(try Mocks.referent())),
            ("a-faire-vide", renderer.html(try Mocks.empty())),
            ("parcours", renderer.html(try await PathwayMocks.page(as: TestTerritory.cardiology))),
            ("parcours-passe", renderer.html(try await PathwayMocks.page(as: TestTerritory.gp, asOf: 6))),
            ("pourquoi", renderer.html(try await PathwayMocks.why())),
            ("notifications", renderer.html(try await NotificationMocks.preferences())),
            ("arretees", renderer.html(try await NotificationMocks.stopped())),
            ("refus", renderer.html(ErrorPage(Problem(.forbidden, "pathway-not-yours", "", "")))),
        ].map { ($0.0, $0.1.replacing(/relais\.css\?v=[0-9a-f]+/, with: "relais.css?v=0")) }
    }

    @Test func pagesAreAsReviewed() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        let rewrites = ProcessInfo.processInfo.environment["RELAIS_WRITE_GOLDEN"] == "1"
        for (name, html) in try await Self.pages() {
            let file = folder.appending(path: "\(name).html")
            if rewrites { try html.write(to: file, atomically: true, encoding: .utf8) }
            let reviewed = try String(contentsOf: file, encoding: .utf8)
            #expect(html == reviewed, "\(name).html differs; look at it, then set RELAIS_WRITE_GOLDEN=1 to keep it")
        }
    }

    @Test func pagesSpeakFrenchOnly() async throws {
        let english: Set<String> = [
            "the", "and", "of", "to", "for", "with", "home", "done", "accept", "accepted", "decline", "declined", "open", "late", "today", "upcoming",
            "notice", "nurse", "discharge", "discharged", "patient's", "loading", "error", "submit", "follow-up", "pathway", "unknown", "refused",
            "admitted", "visit", "phone", "address", "role", "status", "owner", "waiting", "password", "sign", "log", "not", "you", "your", "is",
        ]
        for (name, html) in try await Self.pages() {
            let words = html.replacing(/<[^>]*>/, with: " ").lowercased().split { !($0.isLetter || $0 == "-" || $0 == "'" || $0 == "’") }
            let found = words.filter { english.contains(String($0)) }
            #expect(found.isEmpty, "\(name): \(found)")
        }
    }

    @Test func pagesAreWellFormedAndReachable() async throws {
        for (name, html) in try await Self.pages() {
            #expect(html.hasPrefix("<!doctype html>\n<html lang=\"fr\">"))
            #expect(html.contains("class=\"evitement\" href=\"#contenu\"") && html.contains("id=\"contenu\""))
            #expect(html.matches(of: /<h1[ >]/).count == 1, "\(name): one first heading")
            for forbidden in ["style=", "<script", "onclick", "javascript:", "<style", "<img", "http://", "https://"] {
                #expect(!html.contains(forbidden), "\(name): \(forbidden)")
            }
            let ids = html.matches(of: /\ id="([^"]+)"/).map { String($0.1) }
            #expect(ids.count == Set(ids).count, "\(name): ids are unique")
            for target in html.matches(of: /\ for="([^"]+)"/).map({ String($0.1) }) { #expect(ids.contains(target), "\(name): label for \(target)") }
            let fields = html.matches(of: /<(input|textarea)[^>]*>/).map { String($0.0) }.filter { !$0.contains("type=\"hidden\"") }
            let labels = Set(html.matches(of: /\ for="([^"]+)"/).map { String($0.1) })
            for field in fields {
                let id = field.firstMatch(of: /\ id="([^"]+)"/).map { String($0.1) } ?? ""
                #expect(labels.contains(id), "\(name): \(field) has no label")
            }
            for tag in ["details", "form", "section", "article", "ul", "ol", "li", "p", "div", "fieldset", "dl"] {
                let opened = html.matches(of: try Regex("<\(tag)[ >]")).count
                #expect(opened == html.matches(of: try Regex("</\(tag)>")).count, "\(name): <\(tag)>")
            }
        }
    }
}
