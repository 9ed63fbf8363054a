import EventStore
import HL7v2
import Intake
import Pathways
import Testing

/// What an operator may see of a message in quarantine.
struct MaskedMessageTests {
    private func masked(_ message: ADTMessage, _ more: String = "") async throws -> MaskedMessage {
        let station = try await Station()
        #expect(try await station.send(Array((message.text + more).utf8)).code == "AE")
        return try station.desk.show(at: try #require(try station.events.last).position)
    }

    private func place(_ location: String, of message: MaskedMessage) -> MaskedMessage.Field? {
        message.segments.flatMap(\.fields).first { $0.location == location }
    }

    private static let ins = "248038504701287^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
    private static let faulty = ADTMessage("A03").with([
        ("ZBE-4", ""), ("PID-3", "\(IdentityTests.local)~\(ins)"), ("PID-11", "3 rue du Port^^CHALLANS^^85300^FRA^H"), ("PID-13", "0261910001"),
        ("PID-32", "VALI"), ("PV1-3", "U9^12^B"), ("PV1-36", "DOM"), ("ROL-3", "ODRP"),
        ("ROL-4", "99999000021^PRAUD^Antoine^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"), ("PV2-3", "Fracture"),
    ])

    static let shown: [(String, String)] = [
        ("MSH-4", "CHT"), ("MSH-9", "ADT^A03^ADT_A03"), ("EVN-2", "20261109083000"), ("PID-8", "F"), ("PID-18", "N1^^^CHT&850099995&N^AN"),
        ("PID-32", "VALI"), ("PV1-2", "I"), ("PV1-3", "U9^12^B"), ("PV1-19", "V1^^^CHT&850099995&N^VN"), ("PV1-36", "DOM"),
        ("ZBE-1", "1^CHT^850099995"), ("ZBE-7", "Chirurgie^^^^^CHT&850099995&N^UF^^^CHIR"), ("ROL-3", "ODRP"),
    ]

    @Test(arguments: shown)
    func `what is not about the patient is in clear`(_ location: String, _ value: String) async throws {
        let field = try #require(place(location, of: try await masked(Self.faulty)))
        #expect(field.value == value)
        #expect(!field.isMasked)
    }

    static let hidden: [(String, String)] = [
        ("PID-5", "xxxxxx^xxxxxx^xxxxxx xxxxx^^^^x"), ("PID-7", "99999999"), ("PID-11", "9 xxx xx xxxx^^xxxxxxxx^^99999^xxx^x"),
        ("PID-13", "9999999999"), ("PV2-3", "xxxxxxxx"),
    ]

    @Test(arguments: hidden)
    func `what is about the patient shows its shape`(_ location: String, _ value: String) async throws {
        let field = try #require(place(location, of: try await masked(Self.faulty)))
        #expect(field.value == value)
        #expect(field.isMasked)
    }

    @Test(arguments: [
        ("\u{600}DURAND^Louise", "\u{600}xxxxxx^xxxxxx"), ("DURAND\u{301}^Zoe\u{308}", "xxxxxx^xxx"), ("D\u{600}U\u{200D}R", "x\u{600}x\u{200D}x"),
    ])
    func `a letter behind a sign that joins it is hidden too`(_ name: String, _ value: String) async throws {
        let field = try #require(place("PID-5", of: try await masked(Self.faulty.with("PID-5", name))))
        #expect(field.value.unicodeScalars.elementsEqual(value.unicodeScalars))
        #expect(field.isMasked)
    }

    @Test func `the hospital's number is in clear, that of the person is not`() async throws {
        let field = try #require(place("PID-3", of: try await masked(Self.faulty)))
        #expect(field.value == "\(IdentityTests.local)~999999999999999^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS")
    }

    @Test func `a doctor's number is in clear, the name is not`() async throws {
        let field = try #require(place("ROL-4", of: try await masked(Self.faulty)))
        #expect(field.value == "99999000021^xxxxx^xxxxxxx^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^x^^^RPPS")
    }

    static let misplaced: [(String, String, String)] = [
        ("PID-3", "^^^248038504701287&1.2.250.1.213.1.4.10&ISO^INS", "248038504701287"), ("PID-3", "248038504701287^^^CHT^PI", "248038504701287"),
        ("PID-3", "P1^^^CHT^PI~2 48 03 2A 047 012 87^^^CHT^PI", "2A"), ("PID-8", "DURAND", "DURAND"), ("PID-32", "DURAND", "DURAND"),
        ("PID-18", "248038504701287^^^CHT^AN", "248038504701287"), ("PID-30", "19480312", "1948"), ("PV1-19", "248038504701287", "248038504701287"),
        ("PID-1", "DURAND", "DURAND"), ("ZFD-3", "DURAND", "DURAND"), ("ZFV-6", "3 rue du Port", "rue"), ("PID-21", "DURAND", "DURAND"),
    ]

    @Test(arguments: misplaced)
    func `a value about the patient is masked wherever a sender puts it`(_ place: String, _ value: String, _ secret: String) async throws {
        let message = try await masked(Self.faulty.with(place, value))
        let field = try #require(self.place(place, of: message))
        #expect(!field.value.contains(secret))
    }

    @Test func `segments that are not read are masked whole`() async throws {
        let message = try await masked(Self.faulty, "NK1|1|DURAND^Paul\rZZZ|SECRET\rcaf\u{E9} noir\r")
        #expect(message.segments.suffix(3).map(\.name) == ["NK1", "ZZZ", "xxxx xxxx"])
        #expect(message.segments.suffix(3).flatMap(\.fields).map(\.value) == ["9", "xxxxxx^xxxx", "xxxxxx"])
    }

    @Test func `each fault and remark stands beside its place, also where nothing is written`() async throws {
        let message = try await masked(Self.faulty.with("PID-18", "").without("EVN"))
        #expect(message.faults.count == 3)
        #expect(place("ZBE-4", of: message)?.faults == ["101 ZBE-4: the action is missing: INSERT is expected"])
        #expect(place("ZBE-4", of: message)?.value == "")
        #expect(place("PID-18", of: message)?.faults.count == 1)
        #expect(place("PV1-36", of: message)?.warnings.isEmpty == true)
        #expect(message.segments.last?.name == "EVN")
        #expect(message.segments.last?.faults == ["101 EVN: the segment of the event is missing"])
        #expect(message.facts.controlID == "C1")
    }

    @Test(.timeLimit(.minutes(5))) func `a message of a million fields or segments is shown as far as it makes sense`() async throws {
        let fields = try await masked(Self.faulty, "ZZZ" + String(repeating: "|x", count: 1_000_000) + "\r")
        #expect(fields.segments.last { $0.name == "ZZZ" }?.fields.count == 200)
        let segments = try await masked(Self.faulty, String(repeating: "ZZZ|x\r", count: 100_000))
        #expect(segments.segments.count == 1_000)
    }

    @Test func `a repeated segment is told by its number`() async throws {
        let message = try await masked(ADTMessage("A01").with("PID-3", ""), "PID|1||P3^^^CHT^PI\r")
        #expect(place("PID[2]-3", of: message)?.value == "P3^^^CHT^PI")
        #expect(place("PID-3", of: message)?.faults.isEmpty == false)
    }

    @Test(arguments: [("A01", Rejection.Code.notQuarantined), ("", .unknownMessage)])
    func `only a message in quarantine is shown`(_ trigger: String, _ code: Rejection.Code) async throws {
        let station = try await Station()
        if !trigger.isEmpty { _ = try await station.send(ADTMessage(trigger)) }
        let position = try station.events.first?.position ?? 1
        let refusal = #expect(throws: Rejection.self) { try station.desk.show(at: position) }
        #expect(refusal?.code == code)
    }
}
