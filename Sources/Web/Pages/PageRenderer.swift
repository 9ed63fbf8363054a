import FrenchText
import Hummingbird
import Mustache

/// Draws view models with the templates that travel in the binary.
struct PageRenderer: Sendable {
    /// Every template, by name. Pages name the layout; the layout and the pages name the parts.
    static let sources: [String: String] = [
        "layout": text(PackageResources.layout_mustache),
        "accueil": text(PackageResources.accueil_mustache),
        "territoires": text(PackageResources.territoires_mustache),
        "a_faire": text(PackageResources.a_faire_mustache),
        "suivi": text(PackageResources.suivi_mustache),
        "parcours": text(PackageResources.parcours_mustache),
        "pourquoi": text(PackageResources.pourquoi_mustache),
        "notifications": text(PackageResources.notifications_mustache),
        "arretees": text(PackageResources.arretees_mustache),
        "erreur": text(PackageResources.erreur_mustache),
    ]

    private let library: MustacheLibrary

    /// - Throws: `TemplateFault`.
    init() throws(TemplateFault) {
        try self.init(sources: Self.sources)
    }

    init(sources: [String: String]) throws(TemplateFault) {
        var templates: [String: MustacheTemplate] = [:]
        for (name, source) in sources {
            // Unescaped output would let a patient's name write into the page.
            if source.contains("{{{") || source.contains("{{&") || source.contains("{{%") {
                throw TemplateFault(template: name, problem: "uses unescaped output")
            }
            do {
                templates[name] = try MustacheTemplate(string: source)
            } catch {
                throw TemplateFault(template: name, problem: "cannot be parsed: \(error)")
            }
        }
        for page in PageTemplate.allCases where templates[page.rawValue] == nil {
            throw TemplateFault(template: page.rawValue, problem: "is missing")
        }
        library = MustacheLibrary(templates: templates)
    }

    func html(_ page: some PageModel) -> String {
        FrenchTypography.apply(to: library.render(page, withTemplate: type(of: page).template.rawValue) ?? "")
    }

    func response(_ page: some PageModel, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .contentLanguage: "fr"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html(page)))
        )
    }

    /// The page that tells of a problem; the words are for people, the problem's own text stays in the API.
    func error(_ problem: Problem) -> Response {
        var response = response(ErrorPage(problem), status: problem.status)
        if let retryAfter = problem.retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
        return response
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
