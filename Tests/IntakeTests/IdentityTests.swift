import EventStore
import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.4 and §A.6: who the patient is.
struct IdentityTests {
    static let local = "P1^^^CHT&850099995&N^PI"
    static let number = "248038504701287"

    static func ins(_ number: String = number, _ register: String = "NIR", oid: String = "1.2.250.1.213.1.4.10") -> String {
        "\(number)^^^ASIP-SANTE-INS-\(register)&\(oid)&ISO^INS"
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        var environment = DeploymentEnvironment.test
        let identifiers: [String]
        var reliability = "VALI"
        var warnings: Set<String> = []
        var kept: String?
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "qualified", identifiers: [ins()], kept: number),
        Row(name: "one of several reliabilities is VALI", identifiers: [ins()], reliability: "HOMA~VALI", kept: number),
        Row(name: "PROV", identifiers: [ins()], reliability: "PROV", warnings: ["ins-not-validated"]),
        Row(name: "no reliability", identifiers: [ins()], reliability: "", warnings: ["ins-not-validated"]),
        Row(name: "wrong key", identifiers: [ins("248038504701288")], warnings: ["ins-key-invalid"]),
        Row(name: "13 digits", identifiers: [ins("2480385047012")], warnings: ["ins-malformed"]),
        Row(name: "letters", identifiers: [ins("24803850470128X")], warnings: ["ins-malformed"]),
        Row(name: "no OID", identifiers: ["\(number)^^^ASIP-SANTE-INS-NIR^INS"], warnings: ["ins-malformed"]),
        Row(name: "OID of INS-C", identifiers: [ins(oid: "1.2.250.1.213.1.4.2")], warnings: ["ins-malformed"]),
        Row(name: "number in CX-4", identifiers: ["^^^\(number)&1.2.250.1.213.1.4.10&ISO^INS"], warnings: ["ins-malformed"]),
        Row(name: "demonstration OID in test", identifiers: [ins(oid: "1.2.250.1.213.1.4.11")], kept: number),
        Row(name: "real OID in test", identifiers: [ins(oid: "1.2.250.1.213.1.4.8")], warnings: ["ins-oid-environment"]),
        Row(
            name: "test OID in production",
            environment: .production,
            identifiers: [ins()],
            warnings: ["ins-oid-environment"]
        ),
        Row(
            name: "real OID in production",
            environment: .production,
            identifiers: [ins(oid: "1.2.250.1.213.1.4.8")],
            kept: number
        ),
        Row(
            name: "NIA then NIR: the NIR",
            environment: .production,
            identifiers: [ins("148038504701240", "NIA", oid: "1.2.250.1.213.1.4.9"), ins(oid: "1.2.250.1.213.1.4.8")],
            kept: number
        ),
        Row(
            name: "NIA of a wrong key beside a NIR",
            environment: .production,
            identifiers: [ins("148038504701299", "NIA", oid: "1.2.250.1.213.1.4.9"), ins(oid: "1.2.250.1.213.1.4.8")],
            warnings: ["ins-key-invalid"],
            kept: number
        ),
        Row(name: "billing number NH", identifiers: ["\(number)^^^ASSURANCE&1.2.250.1.213.1.4.10&ISO^NH"]),
        Row(name: "INS-C", identifiers: ["0123456789012345678901^^^ASIP-SANTE-INS-C&1.2.250.1.213.1.4.2&ISO^INS-C"]),
        Row(name: "erased", identifiers: [ins("\"\"")]),
        Row(name: "reliability outside table 0445", identifiers: [], reliability: "GOOD", warnings: ["code-outside-table"]),
    ]

    @Test(arguments: rows)
    func nationalIdentity(_ row: Row) async throws {
        let station = try await Station(environment: row.environment)
        var message = ADTMessage("A31").with([("PID-3", ([Self.local] + row.identifiers).joined(separator: "~")), ("PID-32", row.reliability)])
        if row.environment == .production { message["MSH-11"] = "P" }
        let answer = try await station.send(message)
        #expect(answer.code == "AA")
        #expect(answer.warnings == row.warnings)
        #expect(try station.patient().identity?.ins?.number15 == row.kept)
    }

    struct Names: Sendable, CustomTestStringConvertible {
        let field: String
        var birth: String?
        var used: String?
        var given: String?
        var testDescription: String { field }
    }

    static let names: [Names] = [
        Names(field: "DURAND^Louise^^^^^L", birth: "DURAND", given: "Louise"),
        Names(field: "MARTIN^Louise^^^^^D~DURAND^Louise^^^^^L", birth: "DURAND", used: "MARTIN", given: "Louise"),
        Names(field: "DURAND^Louise^^^^^L~\"\"^^^^^^D", birth: "DURAND", used: "", given: "Louise"),
        Names(field: "^Marie^^^^^D~DURAND^Louise^^^^^L", birth: "DURAND", given: "Louise"),
        Names(field: "LISON^^^^^^S~DURAND^Louise^^^^^L", birth: "DURAND", given: "Louise"),
        Names(field: "DURAND^Louise", birth: "DURAND", given: "Louise"),
        Names(field: ""),
    ]

    @Test(arguments: names)
    func namesByTheirType(_ names: Names) async throws {
        let station = try await Station()
        #expect(try await station.send(ADTMessage("A31").with("PID-5", names.field)).code == "AA")
        let identity = try #require(try station.patient().identity)
        #expect(identity.birthFamilyName == names.birth)
        #expect(identity.usedFamilyName == names.used)
        #expect(identity.givenName == names.given)
    }

    @Test(arguments: [("19480312", "1948-03-12"), ("194803", "1948-03"), ("1948", "1948"), ("19480312103000", "1948-03-12"), ("12/03/48", nil)])
    func birthDate(_ sent: String, _ kept: String?) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with("PID-7", sent))
        #expect(try station.patient().identity?.birthDate == kept)
    }

    @Test func `a sex outside the table is dropped and remarked`() async throws {
        let station = try await Station()
        let answer = try await station.send(ADTMessage("A31").with("PID-8", "X"))
        #expect(answer.warnings == ["code-outside-table"])
        #expect(try station.patient().identity?.sex == nil)
    }

    struct Place: Sendable, CustomTestStringConvertible {
        let field: String
        let address: PatientAddress?
        var testDescription: String { field }
    }

    static let places: [Place] = [
        Place(
            field: "3 rue du Port^^CHALLANS^^85300^FRA^H",
            address: PatientAddress(line: "3 rue du Port", city: "CHALLANS", postalCode: "85300", country: "FRA")
        ),
        Place(
            field: "^^^^^^BDL^^63220~3 rue du Port^^CHALLANS^^85300^FRA^H^^85047",
            address: PatientAddress(line: "3 rue du Port", city: "CHALLANS", postalCode: "85300", cog: "85047", country: "FRA")
        ),
        Place(field: "^^PARIS^^75007^FRA^BDL^^75107", address: nil),
        Place(field: "3 rue du Port^^CHALLANS^^85300^FRA", address: nil),
        Place(field: "^^^^^^H", address: nil),
    ]

    @Test(arguments: places)
    func onlyTheHomeIsAnAddress(_ place: Place) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with("PID-11", place.field))
        #expect(try station.patient().identity?.address == place.address)
    }

    @Test(arguments: [
        ("0261910001", "0261910001"), ("^PRN^PH^^^^^^^^^0261910002", "0261910002"), ("^PRN^PH^^^02^61910003", "0261910003"),
        ("~^NET^Internet^a@example.org~0261910004", "0261910004"), ("^NET^Internet^a@example.org", nil),
    ])
    func phone(_ sent: String, _ kept: String?) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with("PID-13", sent))
        #expect(try station.patient().identity?.phone == kept)
    }

    @Test(
        arguments: [
            ([("PID-30", "Y")], true), ([("PID-30", "N")], false), ([("PID-29", "20261108")], true),
            ([("PID-29", "20261108"), ("PID-30", "N")], false), ([], nil), ([("PID-29", "\"\"")], false), ([("PID-30", "\"\"")], false),
            ([("ZFM-2", "9")], true), ([("ZFM-2", "9"), ("PID-30", "N")], false), ([("ZFM-2", "8")], nil),
        ] as [([(String, String)], Bool?)]
    )
    func death(_ changes: [(String, String)], _ deceased: Bool?) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with(changes))
        #expect(try station.patient().identity?.deceased == deceased)
    }

    @Test(arguments: [
        ("P1^^^CHT&850099995&N^PI", "850099995"), ("P1^^^CHT^PI", "CHT"), ("P1^^^&1.2.3&ISO^PI", "1.2.3"), ("P1^^^^PI", "CHT"),
    ])
    func `a number is kept under its authority`(_ field: String, _ authority: String) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with("PID-3", field))
        #expect(try station.last(PatientIdentified.self).identity.identifier == LocalIdentifier(authority: authority, value: "P1"))
    }

    @Test func `what the coordinator does not need is not read`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A31").with([("PID-10", "RACE-X"), ("PID-17", "RELIGION-X"), ("PID-22", "GROUP-X")]))
        let stored = try #require(try station.events.last { $0.type == PatientIdentified.type })
        #expect(!String(decoding: stored.payload, as: UTF8.self).contains("-X"))
    }

    @Test func `a cancellation states no identity`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A11", control: "C2").with("PID-5", "OTHER^Name^^^^^L"))
        #expect(try station.patient().identity?.birthFamilyName == "DURAND")
    }

    /// A group's number beside the hospital's own, in either order.
    @Test(arguments: [true, false]) func `the sender's own number names the patient`(_ isFirst: Bool) async throws {
        let station = try await Station()
        let numbers = ["P1^^^CHT&850099995&N^PI", "G9^^^GHT&1.2.250.1.999&ISO^PI"]
        _ = try await station.send(ADTMessage("A31").with("PID-3", (isFirst ? numbers : numbers.reversed()).joined(separator: "~")))
        #expect(try station.patient("P1").identity?.birthFamilyName == "DURAND")
        #expect(try station.last(PatientIdentified.self).identity.identifier == LocalIdentifier(authority: "850099995", value: "P1"))
    }

    @Test func `a cancellation tells of a death, and of nothing else about the patient`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let cancellation = ADTMessage("A11", control: "C2").recorded("20261109120000").with([
            ("PID-5", "AUTRE^Nom^^^^^L"), ("PID-8", ""), ("PID-30", "Y"),
        ])
        #expect(try await station.send(cancellation).code == "AA")
        #expect(try station.last(PatientIdentified.self).identity.isPartial)
        let known = try #require(try station.patient().identity)
        #expect(known.deceased == true && known.birthFamilyName == "DURAND" && known.sex == "F" && known.birthDate == "1948-03-12")
    }

    /// A name is as long as a sender likes; the scope of its repetitions is bounded.
    @Test func `a sender with a very long name is taken, and its repetitions are recognised`() async throws {
        let station = try await Station()
        let names = ["A", "B"].map { String(repeating: "X", count: 5_000) + $0 }
        for name in names {
            let message = ADTMessage("A01").with("MSH-3", name)
            let first = try await station.send(message)
            #expect(first.code == "AA" && first.receipt.result == .recorded(.accepted))
            let again = try await station.send(message)
            #expect(again.bytes == first.bytes && again.receipt.result == .repeated)
            #expect(HL7Sender(application: name, facility: name).commandScope.utf8.count < 1_000)
        }
        #expect(try station.all(MessageReceived.self).map(\.facts.application) == names)
    }
}
