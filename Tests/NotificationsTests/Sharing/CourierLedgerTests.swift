import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@Suite(.timeLimit(.minutes(30))) struct CourierLedgerTests {
    private func fact(_ message: String = "m") -> MessageHandedOver {
        MessageHandedOver(
            recipient: Town.praud,
            message: message,
            channel: .sms,
            items: [ToldItem(event: "e", template: "admission-notice")],
            urgency: .routine,
            attempts: 1,
            at: Sample.at(minutes: 1)
        )
    }

    @Test func `a fact is recorded once the copy shows it`() async throws {
        let copy = MemoryLedger(try Town.territory.get())
        let signs = FactSigns()
        let sent = Mutex<[ToldFact]>([])
        let ledger = CourierLedger(copy: copy, signs: signs) { fact in
            sent.withLock { $0.append(fact) }
            // The log has it a little later.
            Task {
                try await Task.sleep(for: .milliseconds(5))
                try await copy.record(fact)
                signs.see(fact)
            }
        }
        try await ledger.record(handOver: fact())
        #expect(copy.recipient(Town.praud).recipient.message("m") != nil)
        // What the copy has already is not sent again.
        try await ledger.record(handOver: fact())
        #expect(sent.withLock { $0 } == [.handedOver(fact())])
    }

    @Test func `one that is seen while it is sent is not waited for`() async throws {
        let signs = FactSigns(sleep: { _ in try await Task.sleep(for: .seconds(3_600)) })
        let ledger = CourierLedger(copy: MemoryLedger(try Town.territory.get()), signs: signs) { signs.see($0) }
        try await ledger.record(handOver: fact())
    }

    @Test func `one that does not show, or cannot be sent, is trouble that passes`() async throws {
        let copy = MemoryLedger(try Town.territory.get())
        let silent = CourierLedger(copy: copy, signs: FactSigns(sleep: { _ in })) { _ in }
        await #expect(throws: SharingTrouble.self) { try await silent.record(handOver: fact()) }
        let cut = CourierLedger(copy: copy, signs: FactSigns()) { _ in throw SharingTrouble("no broker") }
        await #expect(throws: SharingTrouble("no broker")) { try await cut.record(handOver: fact()) }
    }

    @Test func `what another node said of the same message counts, at whatever time`() async throws {
        let signs = FactSigns(sleep: { _ in try await Task.sleep(for: .seconds(3_600)) })
        let other = MessageHandedOver(
            recipient: Town.praud,
            message: "m",
            channel: .sms,
            items: fact().items,
            urgency: .routine,
            attempts: 3,
            at: Sample.at(minutes: 9)
        )
        let ledger = CourierLedger(copy: MemoryLedger(try Town.territory.get()), signs: signs) { _ in signs.see(.handedOver(other)) }
        try await ledger.record(handOver: fact())
    }

    @Test func `when all is to end, nobody waits any longer`() async throws {
        let signs = FactSigns(sleep: { _ in try await Task.sleep(for: .seconds(3_600)) })
        let ledger = CourierLedger(copy: MemoryLedger(try Town.territory.get()), signs: signs) { _ in
            Task {
                try await Task.sleep(for: .milliseconds(10))
                signs.giveUp()
            }
        }
        await #expect(throws: SharingTrouble.self) { try await ledger.record(handOver: fact("m")) }
        await #expect(throws: SharingTrouble.self) { try await ledger.record(handOver: fact("n")) }
    }

    @Test func `what the writer would refuse is refused here`() async throws {
        let copy = MemoryLedger(try Town.territory.get())
        try await copy.record(handOver: fact())
        let other = MessageHandedOver(
            recipient: Town.praud,
            message: "m",
            channel: .email,
            items: [ToldItem(event: "another", template: "admission-notice")],
            urgency: .routine,
            attempts: 1,
            at: Sample.at(minutes: 2)
        )
        let ledger = CourierLedger(copy: copy, signs: FactSigns()) { _ in Issue.record("it was sent") }
        await #expect(throws: Rejection.self) { try await ledger.record(handOver: other) }
    }
}
