import EventStore
import TestSupport
import Testing

@testable import Sealing

/// Random operations on a vault, compared at each step with a model in memory.
struct ModelTests {
    /// What a vault should hold.
    private struct Model {
        var patients: [StreamID: StreamID] = [:]
        var live: [StreamID: String] = [:]
        var destroyed: Set<String> = []
        var texts: [(keyID: String, sealed: [UInt8], text: [UInt8])] = []

        func keys(of patient: StreamID) -> Set<String> {
            Set(live.filter { (patients[$0.key] ?? $0.key) == patient }.values)
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: [11, 22, 33, 44, 55, 66] as [UInt64])
    func `a vault does what the model does`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let directory = try TemporaryDirectory()
        var vault = try directory.vault()
        var masterNumber: UInt64 = 1
        var model = Model()
        func someStream() -> StreamID { stream(UInt64.random(in: 1...15, using: &random)) }
        func somePatient() -> StreamID { stream(UInt64.random(in: 100...106, using: &random)) }

        for step in 0..<150 {
            let place = "seed \(seed), step \(step)"
            switch Int.random(in: 0..<7, using: &random) {
            case 0...3:
                let subject = someStream()
                let patient = Bool.random(using: &random) ? somePatient() : nil
                let key = try await vault.sealingKey(for: subject, patient: patient)
                if let known = model.live[subject] { #expect(known == key, "\(place)") }
                #expect(!model.destroyed.contains(key), "\(place)")
                model.live[subject] = key
                model.patients[subject] = patient ?? model.patients[subject] ?? subject
                let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                model.texts.append((key, try vault.seal(text, keyID: key, associatedData: [UInt8(step)]) + [UInt8(step)], text))
            case 4:
                let patient = somePatient()
                let keys = try vault.keys(ofPatient: patient).map(\.keyID)
                #expect(Set(keys) == model.keys(of: patient), "\(place)")
                #expect(try vault.destroy(keys, at: noon) == keys.count, "\(place)")
                model.destroyed.formUnion(keys)
                model.live = model.live.filter { !keys.contains($0.value) }
            case 5:
                masterNumber += 1
                #expect(try vault.rotate(to: master(masterNumber)) == model.live.count, "\(place)")
            default:
                try vault.close()
                vault = try directory.vault(masterNumber, createsIfMissing: false)
            }
            for number in UInt64(1)...15 { #expect(try vault.owner(of: stream(number)) == model.patients[stream(number)], "\(place)") }
            for (keyID, sealed, text) in model.texts.suffix(30) {
                let opened = try vault.open(Array(sealed.dropLast()), keyID: keyID, associatedData: Array(sealed.suffix(1)))
                #expect(opened == (model.destroyed.contains(keyID) ? nil : text), "\(place)")
            }
        }
        let statistics = try vault.statistics()
        #expect(statistics.liveKeys == model.live.count && statistics.destroyedKeys == model.destroyed.count, "seed \(seed)")
        #expect(statistics.patients == Set(model.live.keys.compactMap { model.patients[$0] }).count, "seed \(seed)")
        #expect(try vault.check().problems == [], "seed \(seed)")
    }
}
