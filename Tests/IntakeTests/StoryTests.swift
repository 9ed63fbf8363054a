import Coordination
import EventStore
import Foundation
import HL7v2
import Intake
import Pathways
import TestSupport
import Testing
import Timekeeping

/// I5 over whole messages: every order of arrival of a story, with repetitions, ends in the same state as the order of the bedside.
struct StoryTests {
    struct Story: Sendable, CustomTestStringConvertible {
        let name: String
        /// In the order in which the hospital stated them.
        let messages: [ADTMessage]
        let status: Pathway.Status?
        var patient = "P1"
        var testDescription: String { name }

        /// - Parameter steps: each is stated ten minutes after the one before.
        init(_ name: String, _ status: Pathway.Status?, patient: String = "P1", _ steps: [ADTMessage]) {
            self.name = name
            self.status = status
            self.patient = patient
            messages = steps.enumerated().map { index, message in
                message.with("MSH-10", "S\(index)").recorded("20261109\(12 + index / 6)\(index % 6)000")
            }
        }
    }

    private static func step(_ trigger: String, _ movement: Int, at time: String, _ changes: [(String, String)] = []) -> ADTMessage {
        ADTMessage(trigger, movement: "\(movement)", at: time).with(changes)
    }

    private static let p2 = ("PID-3", ADTMessage.patient("P2"))
    private static let ins = "\(IdentityTests.local)~248038504701287^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
    private static let noINS = "\(IdentityTests.local)~\"\"^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"

    static let stories: [Story] = [
        Story(
            "a transfer that is taken back after the discharge (PAM §5.3.7)",
            .discharged,
            [
                step("A01", 1, at: "202610101800", [("ZBE-7", "C^^^^^^UF^^^CARD")]),
                step("A02", 2, at: "202610110730", [("ZBE-7", "B^^^^^^UF^^^BLOC")]),
                step("A02", 3, at: "202610111130", [("ZBE-5", "Y"), ("ZBE-7", "R^^^^^^UF^^^REA")]),
                step("A02", 4, at: "202610111500", [("ZBE-7", "B^^^^^^UF^^^BLOC")]),
                step("A03", 6, at: "202610151100", [("ZFM-2", "8"), ("ZBE-7", "")]),
                step("A12", 4, at: "202610111500", [("ZBE-5", "Y"), ("PV1-3", "6055")]),
            ]
        ),
        Story(
            "a discharge that is taken back and made again",
            .discharged,
            [
                step("A01", 1, at: "202611081000"), step("A03", 2, at: "202611081100", [("ZFM-2", "8")]), step("A13", 2, at: "202611081100"),
                step("A03", 3, at: "202611081200", [("ZFM-2", "7"), ("ZFM-4", "2")]), ADTMessage("A31").with("PID-13", "0261910001"),
            ]
        ),
        Story(
            "an admission that is taken back is a pre-admission again",
            .preadmitted,
            [
                step("A05", 1, at: "202611081000", [("PV2-8", "202611090800")]), step("A01", 2, at: "202611090800"),
                step("A11", 2, at: "202611090800"),
            ]
        ),
        Story(
            "an emergency visit that becomes a stay",
            .discharged,
            [
                step("A04", 1, at: "202611081000"), step("A06", 2, at: "202611081100"), step("A03", 3, at: "202611081200", [("PV1-36", "4")]),
                step("Z99", 3, at: "202611081230", [("ZBE-6", "A03"), ("PV1-36", "")]),
            ]
        ),
        Story(
            "a class change that is taken back",
            .admitted,
            [
                step("A04", 1, at: "202611081000"), step("A06", 2, at: "202611081100"),
                step("A07", 2, at: "202611081100", [("PV1-2", "E")]).cancelling("A06"),
            ]
        ),
        Story(
            "a leave and its return",
            .discharged,
            [
                step("A01", 1, at: "202611081000"), step("A21", 2, at: "202611081100", [("PV2-47", "202611081300")]),
                step("A22", 3, at: "202611081200"),
                step("A03", 4, at: "202611081300", [("ZFM-2", "8")]),
            ]
        ),
        Story(
            "a return from leave that is taken back",
            .onLeave,
            [
                step("A01", 1, at: "202611081000"), step("A21", 2, at: "202611081100"), step("A22", 3, at: "202611081200"),
                step("A53", 3, at: "202611081200"),
            ]
        ),
        Story(
            "a planned discharge, another doctor, corrections of both",
            .admitted,
            [
                step("A01", 1, at: "202611081000"), step("A16", 2, at: "202611081100", [("EVN-3", "202611101000")]),
                step("Z99", 2, at: "202611081100", [("ZBE-6", "A16"), ("EVN-3", "202611111000")]), step("A54", 3, at: "202611081200"),
                step("A55", 3, at: "202611081200"),
            ]
        ),
        Story(
            "a movement told twice and corrected twice",
            .admitted,
            [
                step("A01", 1, at: "202611081000"), step("A01", 1, at: "202611081000", [("PV1-21", "06")]),
                step("Z99", 1, at: "202611080900", [("ZBE-7", "C^^^^^^UF^^^CARD")]), step("Z99", 1, at: "202611080930", [("ZBE-7", "")]),
            ]
        ),
        Story(
            "the same told by A08",
            .admitted,
            [
                step("A01", 1, at: "202611081000"),
                step("Z99", 1, at: "202611080930", [("MSH-9", "ADT^A08^ADT_A01"), ("PID-13", "0261910001")]), step("A02", 2, at: "202611081100"),
            ]
        ),
        Story(
            "a dossier that is moved",
            .discharged,
            [
                step("A01", 1, at: "202611081000", [p2]), ADTMessage("A44"), step("A02", 2, at: "202611081100", [p2]),
                step("A03", 3, at: "202611081200", [("ZFM-2", "8")]),
            ]
        ),
        Story(
            "two numbers of one person",
            .discharged,
            [
                ADTMessage("A28"), ADTMessage("A28").with([p2, ("PID-5", "DURAND^Louise^^^^^L~MARTIN^^^^^^D")]),
                step("A01", 1, at: "202611081000", [p2]),
                ADTMessage("A40"), step("A03", 2, at: "202611081200", [("ZFM-2", "8")]),
            ]
        ),
        Story(
            "an INS that is taken back",
            nil,
            [
                ADTMessage("A28").with([("PID-3", ins), ("PID-32", "VALI")]),
                ADTMessage("A47").with([("PID-3", noINS), ("PID-32", "PROV"), ("MRG-1", "248038504701287^^^X&1.2.250.1.213.1.4.10&ISO^INS")]),
                ADTMessage("A31").with([("PID-5", "DURAND^Louise^^^^^L"), ("PID-32", "PROV")]),
            ]
        ),
        Story(
            "a death that was a mistake",
            .admitted,
            [
                step("A01", 1, at: "202611081000"), step("A03", 2, at: "202611081100", [("ZFM-2", "9")]), ADTMessage("A31").with("PID-30", "Y"),
                step("A13", 2, at: "202611081100"), ADTMessage("A31").with("PID-30", "N"),
            ]
        ),
        Story(
            "a death",
            .deceased,
            [
                ADTMessage("A28"), step("A01", 1, at: "202611081000"),
                step("A03", 2, at: "202611081100", [("ZFM-2", "9"), ("PID-29", "202611081030")]),
                ADTMessage("A31").with("PID-13", "0261910001"),
            ]
        ),
    ]

    /// All that I5 promises of what messages state, in words that do not tell one run of a story from another.
    private struct State: Equatable {
        let status: Pathway.Status?
        let waiting: Int
        let words: [String]

        init(_ station: Station, run: Int) throws {
            let pathway = try station.pathway(visit: "V1\(StoryTests.mark(run))")
            let patients = try ["P1", "P2"].map { try station.patient("\($0)\(StoryTests.mark(run))") }
            let named = pathway.reference.flatMap { StreamID(hex: $0.patientStream) }
            // Whose visit it is: the number under which that person goes on.
            let owner = try named.flatMap { try station.coordinator.loader.person(of: $0).first }
                .map { try station.coordinator.loader.patient($0).state.identity?.identifier.value }
            status = pathway.status(isDeceased: patients[0].identity?.deceased == true)
            waiting = pathway.history.held.count + pathway.claims.count
            words =
                ([pathway.stay, owner as Any]
                + patients.flatMap { [$0.identity as Any, $0.mergedInto?.identifier as Any, $0.aliases.map(\.identifier)] })
                .map { String(describing: $0).replacing(StoryTests.mark(run), with: "") }
        }
    }

    private static func mark(_ run: Int) -> String { "-run\(run)-" }

    /// The message of a run of its own: other patients, another dossier, another visit, another control id.
    private static func bytes(_ message: ADTMessage, run: Int) -> [UInt8] {
        let numbers = ["P1^^^", "P2^^^", "N1^^^", "V1^^^"].reduce(message.text) { text, number in
            text.replacing(number, with: "\(number.prefix(2))\(mark(run))^^^")
        }
        return Array(numbers.replacing("|\(message["MSH-10"])|", with: "|\(message["MSH-10"])-\(run)|").utf8)
    }

    private static func permutations(_ count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return permutations(count - 1).flatMap { shorter in
            (0...shorter.count).map { place in Array(shorter[..<place]) + [count - 1] + Array(shorter[place...]) }
        }
    }

    /// Every order of up to five messages; of six, every one with RELAIS_LONG, else a sixth of them by chance.
    private static func orders(_ count: Int, using random: inout SplitMix64) -> [[Int]] {
        let all = permutations(count)
        let isLong = ProcessInfo.processInfo.environment["RELAIS_LONG"] != nil
        return count < 6 || isLong ? all : Array(all.shuffled(using: &random).prefix(all.count / 6))
    }

    @Test(arguments: stories)
    func everyOrder(_ story: Story) async throws {
        let seed = UInt64(20_261_109)
        var random = SplitMix64(seed: seed)
        let station = try await Station()
        let bedside = Array(story.messages.indices)
        var expected: State?
        for (run, order) in ([bedside] + Self.orders(bedside.count, using: &random)).enumerated() {
            let repeated = order[Int.random(in: 0..<order.count, using: &random)]
            for index in order + [repeated] {
                let reply = await station.intake.receive(Self.bytes(story.messages[index], run: run))
                guard case .acknowledge(_, let receipt) = reply else { throw Station.NotAnswered() }
                #expect(receipt.acknowledgement == .applicationAccept, "order \(order)")
            }
            let state = try State(station, run: run)
            #expect(state == expected ?? state, "order \(order), repeated \(repeated), seed \(seed)")
            if expected == nil {
                expected = state
                #expect(state.status == story.status)
                #expect(state.waiting == 0)
            }
        }
    }
}
