import Coordination
import EventStore
import Foundation
import HL7v2
import Intake
import Pathways
import TestSupport
import Testing

/// Damaged frames: never a trap, always an answer or a stated silence, and an answer that can be read.
struct FuzzTests {
    static let seeds = UInt64(1)...40
    /// 2,000 frames in all; 20,000 with RELAIS_LONG. What is remembered of one patient grows with each contradiction, so no log takes
    /// them all.
    static let perSeed = ProcessInfo.processInfo.environment["RELAIS_LONG"] == nil ? 50 : 500

    static let corpus: [[UInt8]] = [
        ADTMessage("A01").bytes,
        ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2").with([("ZFM-2", "8"), ("PV1-36", "4")]).bytes,
        ADTMessage("A11", control: "C3").bytes, ADTMessage("A40", control: "C7").bytes, ADTMessage("A44", control: "C8").bytes,
        ADTMessage("A47", control: "C9").bytes, ADTMessage("Z99", control: "C10").bytes, ADTMessage("A06", movement: "4", control: "C11").bytes,
        ADTMessage("A13", movement: "2", at: "20261109103000", control: "C4").bytes,
        ADTMessage("A31", control: "C5").with([
            ("PID-3", "\(IdentityTests.local)~\(IdentityTests.ins())"), ("PID-11", "3 rue du Port^^CHALLANS^^85300^FRA^H"), ("PID-32", "VALI"),
        ]).bytes,
        ADTMessage("A02", movement: "3", at: "20261025023000", control: "C6").with([
            ("ROL-3", "ODRP"), ("ROL-4", "99999000021^PRAUD^Antoine^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^D^^^RPPS"), ("MSH-15", "AL"),
        ]).bytes,
    ]

    @Test(arguments: seeds)
    func damagedFrames(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let station = try await Station()
        var answered = 0
        for round in 0..<Self.perSeed {
            var frame = Self.corpus.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&frame, using: &random) }
            switch await station.intake.receive(frame) {
            case .acknowledge(let bytes, let receipt):
                answered += 1
                let acknowledgement = try Acknowledgement(Message(parsing: bytes))
                #expect(acknowledgement.code == receipt.acknowledgement, "seed \(seed), round \(round)")
                #expect(receipt.result != .unavailable, "seed \(seed), round \(round)")
            case .noAnswer(.unreadable), .noAnswer(.notWanted): break
            case .noAnswer(.oversized): Issue.record("seed \(seed), round \(round)")
            }
        }
        #expect(answered > Self.perSeed / 2, "seed \(seed)")
        // What ended in quarantine can be shown and read again.
        let referent = try station.referent()
        for event in try station.events where event.type == MessageReceived.type {
            guard try MessageReceived(payload: event.payload).outcome == .quarantined else { continue }
            #expect(try !station.desk.show(at: event.position).faults.isEmpty, "seed \(seed), position \(event.position)")
            let key = RequestKey(key: "\(event.position)", body: [])
            _ = try await station.desk.repair(event.id, at: event.position, corrections: [], by: referent, key: key)
        }
        #expect(try station.all(MessageReceived.self).count <= Self.perSeed)
    }

    private static func damage(_ frame: inout [UInt8], using random: inout SplitMix64) {
        let delimiters = Array("|^~\\&\r\n\"".utf8)
        let place = Int.random(in: 0...frame.count, using: &random)
        let length = min(Int.random(in: 1...12, using: &random), frame.count - place)
        switch Int.random(in: 0..<7, using: &random) {
        case 0 where place < frame.count: frame[place] = UInt8.random(in: .min ... .max, using: &random)
        case 1: frame.removeSubrange(place..<place + length)
        case 2: frame.insert(contentsOf: frame[place..<place + length], at: place)
        case 3: frame.insert(delimiters.randomElement(using: &random) ?? 0, at: place)
        case 4 where place < frame.count: frame[place] = delimiters.randomElement(using: &random) ?? 0
        case 5 where place > 40: frame.removeSubrange(place...)
        default: frame.insert(contentsOf: [UInt8](repeating: UInt8.random(in: .min ... .max, using: &random), count: 300), at: place)
        }
    }
}
