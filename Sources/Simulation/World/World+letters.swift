import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import Timekeeping

extension World {
    // MARK: - What the hospital says

    func say(_ saying: HospitalModel.Saying) {
        switch saying {
        case .statement(let visit, let statement):
            visits[durable.storage.streams.pathway(hospital.visitIdentifier(visit))] = visit
            send(hospital.write(statement, of: visit))
        case .merge(let person):
            if let letter = hospital.writeMerge(of: person, at: clock.now) { send(letter) }
        case .applies(let visit, let id, let contact):
            let pathway = durable.storage.streams.pathway(hospital.visitIdentifier(visit))
            hospital.registry.change(visit: visit) { $0.undecided += 1 }
            agenda.note(.act(staff.act(.applyProtocol(id), contact, pathway, nil)), at: clock.now)
        }
    }

    private func send(_ letter: Letter) {
        hospital.registry[person: letter.person].outstanding += 1
        tally.messages += 1
        agenda.note(.deliver(post.accept(letter)), at: clock.now.adding(milliseconds: post.delay()))
    }

    // MARK: - What arrives

    func deliver(_ number: Int) async throws {
        guard var letter = post[number] else { return }
        let fate = isSettling ? Post.Fate.arrives : post.fate()
        letter.tries += 1
        if durable.crash.isDown || fate == .isLost { return again(number, letter) }
        let before = try durable.storage.log.head().position
        let reply = await node.intake.receive(letter.bytes)
        // Whoever died while it answered has not answered.
        if durable.crash.isDown { return again(number, letter) }
        guard case .acknowledge(let bytes, let receipt) = reply else {
            throw Violation("I1", "message \(letter.controlID) gets no answer")
        }
        try check(bytes, receipt, of: letter, before: before)
        letter.answer = bytes
        if fate == .isUnanswered { return again(number, letter) }
        if !letter.isAcknowledged {
            letter.isAcknowledged = true
            hospital.registry[person: letter.person].outstanding -= 1
        }
        if !isSettling, let pause = post.repetition() {
            post[number] = letter
            agenda.note(.deliver(number), at: clock.now.adding(milliseconds: pause))
        } else {
            post[number] = nil
        }
    }

    private func again(_ number: Int, _ letter: Letter) {
        post[number] = letter
        agenda.note(.deliver(number), at: clock.now.adding(milliseconds: post.pause()))
    }

    private func check(_ bytes: [UInt8], _ receipt: IntakeReceipt, of letter: Letter, before: Int64) throws {
        guard receipt.acknowledgement.isSuccess else {
            let reasons = receipt.faults.map(\.description).joined(separator: "; ")
            throw Violation("I1", "message \(letter.controlID) is answered \(receipt.acknowledgement.rawValue): \(reasons)")
        }
        let head = try durable.storage.log.head().position
        if let first = letter.answer {
            guard first == bytes else { throw Violation("I4", "message \(letter.controlID) is repeated and gets another answer") }
            guard head == before else { throw Violation("I4", "message \(letter.controlID) is repeated and recorded again") }
            tally.repetitions += 1
        }
        guard let checker else { return }
        if letter.answer == nil, head > before {
            let page = try durable.storage.log.read(after: before, limit: 64)
            guard page.contains(where: { $0.type == MessageReceived.type }) else {
                throw Violation("I1", "message \(letter.controlID) is acknowledged and is not in the log")
            }
        } else if !checker.holds(message: Hash256.of(letter.bytes).hex) {
            throw Violation("I1", "message \(letter.controlID) is acknowledged and is not in the log")
        }
    }
}
