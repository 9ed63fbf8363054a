import Pathways

/// The files shipped, read once for all tests.
enum Shipped {
    static let territory = Result { () throws(FileErrors) in try TerritoryFile.parse(yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml") }

    static let library = Result { () throws(FileErrors) in
        var library = ProtocolLibrary()
        for (name, yaml) in BundledFiles.protocols { library.publish(try ProtocolFile.parse(yaml: yaml, file: name)) }
        return library
    }

    static func text(of file: String) -> String? {
        switch file {
        case "demo-territory.yaml": BundledFiles.demoTerritory
        case "notifications.yaml": BundledFiles.notifications
        default: BundledFiles.protocols.first { $0.name == file }?.yaml
        }
    }

    /// What is wrong with a text that stands in place of one of the files; empty when it is accepted.
    static func problems(of text: String, as file: String) -> [FileProblem] {
        do throws(FileErrors) {
            switch file {
            case "demo-territory.yaml": _ = try TerritoryFile.parse(yaml: text, file: file)
            case "notifications.yaml": _ = try NewsTableFile.parse(yaml: text, file: file)
            default: _ = try ProtocolFile.parse(yaml: text, file: file)
            }
            return []
        } catch {
            return error.problems
        }
    }
}
