import Pathways

/// A territory of many people, none of whom is anybody: numbers alone.
enum BigTown {
    static func people(_ count: Int) -> [String] { (0..<count).map { rpps(of: 9_999_100_000 + $0) } }

    static func yaml(_ people: [String]) -> String {
        let referent = rpps(of: 9_999_000_000)
        let lines = ([referent] + people).enumerated().map { index, rpps in
            "  - {rpps: \"\(rpps)\", family: Un, given: Deux, role: \(index == 0 ? "referent" : "nurse"), communes: [\"85047\"]}"
        }
        return """
            id: big
            name: Grande ville
            timeZone: Europe/Paris
            version: 1
            referent: {rpps: "\(referent)", name: Deux Un}
            communes:
              - {code: "85047", name: Challans, postalCodes: ["85300"], population: 22494, latitude: 46.833, longitude: -1.84218}
            professionals:
            \(lines.joined(separator: "\n"))
            teams: []
            hospitals: []
            """
    }

    /// Ten digits and their key.
    private static func rpps(of number: Int) -> String {
        let digits = String(number).compactMap(\.wholeNumberValue)
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let doubled = digit.offset % 2 == 0 ? digit.element * 2 : digit.element
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return "\(number)\((10 - sum % 10) % 10)"
    }
}
