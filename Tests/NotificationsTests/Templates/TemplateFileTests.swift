import Notifications
import Pathways
import Testing

struct TemplateFileTests {
    private static let good = """
        version: 1
        open: {news: "Vous avez {counts}", reminder: "Rappel : {counts}"}
        secure:
          greeting: "Bonjour[ {recipient}],"
          news: "Vous avez {counts}."
          reminder: "{counts}."
          unnamed: "Patient·e[, {commune}]"
          masked: "Identité masquée"
          unknown: "Identité à préciser"
          other: "Autre"
          erased: "Contenu effacé"
          ask: "{link}"
          read: "{link}"
          footer: ["Relais[, {territory}]"]
        templates:
          - name: offer-named
            subject: "Un suivi vous est proposé"
            line: "Un suivi[ : {care}]."
            action: "Acceptez ou déclinez[ avant {answerBy}]."

        """

    private static func problems(_ old: String, _ new: String) -> [FileProblem] {
        do throws(FileErrors) {
            _ = try TemplateFile.parse(yaml: good.replacing(old, with: new), file: "texts.yaml", templates: ["offer-named"])
            return []
        } catch {
            return error.problems
        }
    }

    @Test func theShippedTextsAreReadAndComplete() throws {
        let book = try TemplateBook.shipped()
        #expect(Set(book.names) == (try NewsTable.shipped().templates))
    }

    @Test func aWholeFileIsRead() throws {
        let book = try TemplateFile.parse(yaml: Self.good, file: "texts.yaml", templates: ["offer-named"])
        #expect(book["offer-named"]?.line.placeholders == [.care])
        #expect(book["offer-pool"] == nil)
    }

    /// Given a file with one fault, when it is read, then the fault is told with its line.
    @Test(arguments: [
        ("Vous avez {counts}\",", "Vous avez {counts}[ pour {commune}]\",", 2, "{commune} may not stand here"),
        ("Rappel : {counts}", "Rappel[ : {care}]", 2, "{care} may not stand here"),
        ("Un suivi vous est proposé", "Un suivi[ : {care}]", 17, "{care} may not stand here"),
        ("[ : {care}]", " : {patient}", 18, "{patient} does not exist"),
        ("[ : {care}]", " : {care}", 18, "{care} may be unknown"),
        ("[ : {care}]", "[ : {care}", 18, "a bracket is opened and not closed"),
        ("[ : {care}]", "[ toujours]", 18, "brackets around what is always known"),
        ("[ : {care}]", "[ : {care]", 18, "a brace is opened and not closed"),
        ("[ : {care}]", " ]", 18, "a bracket, brace or bar that belongs to nothing"),
        ("[ : {care}]", "[ : {care}| {by}]", 18, "a gap after the bar"),
        ("[ : {care}]", "  fait", 18, "two spaces follow each other"),
        ("[ : {care}]", " d'ici", 18, "a straight apostrophe"),
        ("[ avant {answerBy}]", "[ après {discharge}]", 19, "{discharge} may not stand here"),
        ("name: offer-named", "name: offer-pool", 16, "« offer-pool » is no template of the table of news"),
        ("    subject:", "    title:", 17, "unknown key « title »"),
        ("  footer:", "  foot:", 14, "unknown key « foot »"),
        ("version: 1", "version: un", 1, "this must be a whole number"),
    ])
    func aFaultIsToldWithItsLine(_ old: String, _ new: String, _ line: Int, _ problem: String) {
        let found = Self.problems(old, new)
        #expect(found.contains { $0.line == line && $0.problem.hasPrefix(problem) }, "\(found)")
    }

    @Test func aTemplateWithoutWordsIsMissed() {
        #expect(throws: FileErrors.self) {
            try TemplateFile.parse(yaml: Self.good, file: "texts.yaml", templates: ["offer-named", "offer-pool"])
        }
    }

    @Test func aTemplateHasWordsOnce() {
        let twice = Self.good + Self.good.split(separator: "\n").suffix(4).joined(separator: "\n") + "\n"
        #expect(throws: FileErrors.self) { try TemplateFile.parse(yaml: twice, file: "texts.yaml", templates: ["offer-named"]) }
    }
}
