import Foundation
import Pathways
import Testing
import Yams

/// `schemas/faults.yaml` is read here and by `ops/checks/files.py`, so that parser and schema are held to one list.
@Suite struct PlantedFaultTests {
    struct Fault: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let file: String
        let replace: String
        let by: String

        var testDescription: String { "\(file): \(name)" }
    }

    static let faults: [Fault] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        guard let data = try? Data(contentsOf: root.appending(path: "schemas/faults.yaml")) else { return [] }
        return (try? YAMLDecoder().decode([Fault].self, from: data)) ?? []
    }()

    @Test func theListIsThere() {
        #expect(Self.faults.count >= 70)
        #expect(Set(Self.faults.map(\.name)).count == Self.faults.count)
    }

    @Test(arguments: Set(faults.map(\.file)).sorted()) func theFileWithoutFaultIsAccepted(_ file: String) throws {
        #expect(Shipped.problems(of: try #require(Shipped.text(of: file)), as: file).isEmpty)
    }

    @Test(arguments: faults) func isRefusedWithItsPlace(_ fault: Fault) throws {
        let text = try #require(Shipped.text(of: fault.file))
        let range = try #require(text.range(of: fault.replace), "the text to replace is not in the file")
        let planted = text.replacingCharacters(in: range, with: fault.by)
        let problems = Shipped.problems(of: planted, as: fault.file)
        let problem = try #require(problems.first, "accepted")
        let lines = planted.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect((1...lines).contains(problem.line))
        #expect(problem.file == fault.file)
        #expect(!problem.problem.isEmpty && !problem.remedy.isEmpty)
    }
}
