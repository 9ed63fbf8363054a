/// The first page of a process that serves several territories: which one.
struct TerritoriesPage: PageModel, Hashable {
    static let template = PageTemplate.territories

    struct Link: Sendable, Hashable {
        let name: String
        let address: String
    }

    let head = PageHead(title: "Quel territoire ?")
    let territories: [Link]

    /// - Parameter port: as the reader's browser reached us, with its colon; empty for the default one.
    init(_ sites: [TerritorySite], port: String) {
        territories = sites.map { Link(name: $0.name, address: "http://\($0.id).localhost\(port)/") }
    }
}
