import Testing

@testable import Web

@Suite("The address of a request names its territory")
struct TerritorySelectionTests {
    private let one = TerritorySelection(territories: ["ouest"], hosts: ["est.example": "est"])
    private let two = TerritorySelection(territories: ["ouest", "est"], hosts: ["Est.Example.": "est", "[::1]": "ouest", "nord.example": "nord"])

    @Test(arguments: ["/", "/a-faire", "/t/ouest/a-faire", "/t/nord/", ""])
    func withOneTerritoryPathsAreAsTheyAre(path: String) {
        #expect(one.choose(host: "est.example", path: path) == .territory("ouest", path: path))
    }

    @Test(arguments: [
        ("/t/ouest/a-faire", nil, TerritorySelection.Choice.territory("ouest", path: "/a-faire")),
        ("/t/ouest", nil, .territory("ouest", path: "/")), ("/t/ouest/", nil, .territory("ouest", path: "/")),
        ("/t/est/t/ouest/x", nil, .territory("est", path: "/t/ouest/x")),
        ("/a-faire", "est.example", .territory("est", path: "/a-faire")), ("/a-faire", "EST.example.:8080", .territory("est", path: "/a-faire")),
        ("/", "[::1]:8080", .territory("ouest", path: "/")), ("/t/est/x", "est.example", .territory("est", path: "/x")),
        ("/t/ouest/x", "est.example", .unknown), ("/t/nord/x", nil, .unknown), ("/t//x", nil, .unknown), ("/t/", nil, .unknown),
        ("/t/ou%65st/x", nil, .unknown), ("/t/OUEST/x", nil, .unknown), ("/a-faire", "nord.example", .unknown),
        ("/a-faire", nil, .none), ("/healthz", "autre.example", .none), ("/t", nil, .none), ("/tout", nil, .none), ("/", "", .none),
        ("/", "[", .none),
    ])
    func withSeveralThePathOrTheHostChooses(path: String, host: String?, expected: TerritorySelection.Choice) {
        #expect(two.choose(host: host, path: path) == expected)
    }
}
