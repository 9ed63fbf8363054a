import Pathways
import Testing

@Suite struct ResolutionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var cog: String?
        var postalCode: String?
        var city: String?
        let expected: String

        var testDescription: String { "\(cog ?? "-") \(postalCode ?? "-") \(city ?? "-")" }
    }

    static let cases: [Case] = [
        // By code.
        Case(cog: "85047", expected: "85047 cog"),
        Case(cog: " 85047 ", postalCode: "75001", city: "Paris", expected: "85047 cog"),
        Case(cog: "85191", postalCode: "85300", city: "Challans", expected: "outside code-outside"),
        Case(cog: "99109", expected: "outside abroad"),
        Case(cog: "8504", postalCode: "85300", city: "Challans", expected: "85047 postal-code-and-name"),
        Case(cog: "", postalCode: "85300", city: "Challans", expected: "85047 postal-code-and-name"),
        // By postal code and name, in many spellings.
        Case(postalCode: "85300", city: "CHALLANS", expected: "85047 postal-code-and-name"),
        Case(postalCode: " 85300 ", city: " challans ", expected: "85047 postal-code-and-name"),
        Case(postalCode: "85800", city: "ST GILLES CROIX DE VIE", expected: "85222 postal-code-and-name"),
        Case(postalCode: "85800", city: "Saint-Gilles-Croix-de-Vie", expected: "85222 postal-code-and-name"),
        Case(postalCode: "85800", city: "St-Gilles Croix de Vie Cedex 2", expected: "85222 postal-code-and-name"),
        Case(postalCode: "85800", city: "Le Fenouiller", expected: "85088 postal-code-and-name"),
        Case(postalCode: "85800", city: "FENOUILLER (LE)", expected: "unresolved city-unknown-for-postal-code"),
        Case(postalCode: "85800", city: "FENOUILLER", expected: "85088 postal-code-and-name"),
        Case(postalCode: "85220", city: "L AIGUILLON SUR VIE", expected: "85002 postal-code-and-name"),
        Case(postalCode: "85220", city: "L’Aiguillon s/ Vie", expected: "85002 postal-code-and-name"),
        Case(postalCode: "85220", city: "Coex", expected: "85070 postal-code-and-name"),
        Case(postalCode: "85220", city: "COE\u{308}X", expected: "85070 postal-code-and-name"),
        Case(postalCode: "85710", city: "BOIS DE CENE", expected: "85024 postal-code-and-name"),
        Case(postalCode: "85670", city: "Grand’Landes", expected: "85102 postal-code-and-name"),
        Case(postalCode: "85670", city: "GRAND LANDES", expected: "85102 postal-code-and-name"),
        Case(postalCode: "44270", city: "Machecoul", expected: "44087 postal-code-and-name"),
        Case(postalCode: "44270", city: "La Marne", expected: "44090 postal-code-and-name"),
        Case(postalCode: "44270", city: "ST ETIENNE DE MER MORTE", expected: "44157 postal-code-and-name"),
        Case(postalCode: "85300", city: "85300 CHALLANS", expected: "85047 postal-code-and-name"),
        // A CEDEX has a postal code of its own.
        Case(postalCode: "85302", city: "CHALLANS CEDEX", expected: "85047 cedex-name"),
        Case(postalCode: "75302", city: "CHALLANS CEDEX", expected: "outside postal-code-outside"),
        // Not to be told.
        Case(postalCode: "85302", city: "CHALLANS", expected: "unresolved postal-code-and-city-disagree"),
        Case(postalCode: "85300", city: "Coëx", expected: "unresolved city-unknown-for-postal-code"),
        Case(postalCode: "85300", city: "La Bloire", expected: "unresolved city-unknown-for-postal-code"),
        Case(postalCode: "85300", expected: "unresolved city-missing"),
        Case(postalCode: "85160", city: " ", expected: "unresolved city-missing"),
        Case(postalCode: "85300", city: "Le", expected: "unresolved city-unknown-for-postal-code"),
        Case(postalCode: "85300", city: "---", expected: "unresolved city-unknown-for-postal-code"),
        Case(city: "Challans", expected: "unresolved postal-code-missing"),
        Case(postalCode: "8530", city: "Challans", expected: "unresolved postal-code-malformed"),
        Case(postalCode: "F-85300", city: "Challans", expected: "unresolved postal-code-malformed"),
        Case(expected: "unresolved address-missing"),
        Case(cog: "", postalCode: "", city: "", expected: "unresolved address-missing"),
        // Elsewhere.
        Case(postalCode: "75001", city: "Paris", expected: "outside postal-code-outside"),
        Case(postalCode: "85000", city: "La Roche-sur-Yon", expected: "outside postal-code-outside"),
        Case(postalCode: "57000", city: "Challans", expected: "outside postal-code-outside"),
    ]

    @Test(arguments: cases) func resolves(_ row: Case) throws {
        let territory = try Shipped.territory.get()
        #expect(Self.told(territory.resolve(cog: row.cog, postalCode: row.postalCode, city: row.city)) == row.expected)
    }

    @Test func aPostalCodeAloneIsEnoughOnlyIfDeclaredExclusive() throws {
        let text = try #require(Shipped.text(of: "demo-territory.yaml"))
        let territory = try TerritoryFile.parse(
            yaml: text.replacing("communes:\n  - {code", with: "exclusivePostalCodes: [\"85160\", \"85300\"]\ncommunes:\n  - {code"),
            file: "t.yaml"
        )
        #expect(Self.told(territory.resolve(cog: nil, postalCode: "85160", city: nil)) == "85234 only-commune-of-postal-code")
        #expect(Self.told(territory.resolve(cog: nil, postalCode: "85300", city: nil)) == "unresolved city-missing")
        #expect(Self.told(territory.resolve(cog: nil, postalCode: "85160", city: "Nowhere")) == "unresolved city-unknown-for-postal-code")
    }

    /// Every commune is found under its own name and variants, so no two of them meet under one postal code.
    @Test func everyCommuneIsFoundByItsNames() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.communes.count == 37)
        for commune in territory.communes {
            for name in [commune.name, commune.name.uppercased()] + commune.nameVariants {
                for postalCode in commune.postalCodes {
                    #expect(territory.resolve(cog: nil, postalCode: postalCode, city: name) == .resolved(commune, by: .postalCodeAndName), "\(name)")
                }
            }
        }
    }

    @Test func reasonsHaveCodesAndFrench() {
        #expect(Set(ResolutionReason.allCases.map(\.code)).count == ResolutionReason.allCases.count)
        for reason in ResolutionReason.allCases {
            #expect(ResolutionReason(code: reason.code) == reason)
            #expect(reason.frenchText.hasSuffix("."))
        }
        #expect(ResolutionReason(code: "else") == nil)
    }

    static func told(_ resolution: CommuneResolution) -> String {
        switch resolution {
        case .resolved(let commune, let basis): "\(commune.code) \(basis.rawValue)"
        case .outside(let reason): "outside \(reason)"
        case .unresolved(let reason): "unresolved \(reason)"
        }
    }
}
