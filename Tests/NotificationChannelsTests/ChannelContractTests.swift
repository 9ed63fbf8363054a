import Foundation
import Logging
import NotificationChannels
import Testing
import Timekeeping

/// What every channel promises, tried on each.
@Suite(.timeLimit(.minutes(30))) struct ChannelContractTests {
    @Test(.enabled(if: Peer.mailIsMissing == nil, "\(Peer.mailIsMissing ?? "")"))
    func mailPeersAreInstalled() {}

    @Test(arguments: Way.all) func handsOver(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message()
            let outcome = await reachable.channel.deliver(message, to: reachable.address)
            guard case .handedOver(let receipt) = outcome else { return #expect(outcome == .handedOver(receipt: nil)) }
            switch way {
            case .mssante, .mssanteImplicitTLS, .email: #expect(receipt?.contains("queued as") == true)
            case .sms: #expect(receipt == "gateway-7")
            case .webhook: #expect(receipt == nil)
            case .sandbox: #expect(receipt == "\(message.id).txt")
            }
            _ = try await eventually("the message", { try reachable.arrivals(message).first })
        }
    }

    /// The receiver can tell a repeat: same identifiers, same content.
    @Test(arguments: Way.all) func repeatsTheSame(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message()
            for _ in 0..<2 {
                guard case .handedOver = await reachable.channel.deliver(message, to: reachable.address) else {
                    Issue.record("not handed over")
                    return
                }
            }
            let wanted = way == .sandbox ? 1 : 2
            let arrivals = try await eventually("both") {
                let found = try reachable.arrivals(message)
                return found.count >= wanted ? found : nil
            }
            #expect(arrivals.count == wanted)
            // What servers on the way put in front of a mail differs.
            let own = arrivals.map { arrival in
                way.isMail ? arrival.range(of: "From: ").map { String(arrival[$0.lowerBound...]) } ?? "" : arrival
            }
            #expect(Set(own).count == 1 && own.first?.isEmpty == false)
        }
    }

    @Test(arguments: Way.all, ["Alerte\r\nBcc: tous@city.test", "Alerte\nX: y", "Alerte\rX", "A\u{0}B", "A\u{2028}B", "A\u{85}B"])
    func refusesAHostileSubject(_ way: Way, _ subject: String) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message(subject: subject)
            #expect(await reachable.channel.deliver(message, to: reachable.address) == .never(reason: "unsafe-subject"))
            #expect(try reachable.arrivals(message).isEmpty)
        }
    }

    @Test(arguments: Way.all, ["\r\nDATA", "\nRCPT TO:<tous@city.test>", "\r\nX-Header: 1", "\u{0}", "> NOTIFY=NEVER\r\n"])
    func refusesAHostileAddress(_ way: Way, _ tail: String) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message()
            for address in [reachable.address + tail, tail + reachable.address, ""] {
                #expect(await reachable.channel.deliver(message, to: address) == .never(reason: "address-invalid"))
            }
            #expect(try reachable.arrivals(message).isEmpty)
        }
    }

    @Test(arguments: Way.all, ["../../etc/x", "a b", "a\r\nb", "", ".", "é"])
    func refusesAHostileIdentifier(_ way: Way, _ id: String) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            var message = Sample.message()
            message.id = id
            #expect(await reachable.channel.deliver(message, to: reachable.address) == .never(reason: "unsafe-id"))
            message = Sample.message()
            message.messageID = "<a@b>\r\nX: y"
            #expect(await reachable.channel.deliver(message, to: reachable.address) == .never(reason: "unsafe-message-id"))
        }
    }

    @Test(arguments: Way.all) func carriesLongText(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message(text: Sample.longText)
            #expect(message.text.utf8.count >= 65_536)
            let outcome = await reachable.channel.deliver(message, to: reachable.address)
            guard case .handedOver = outcome else { return #expect(outcome == .handedOver(receipt: nil)) }
            let arrival = try await eventually("the message", { try reachable.arrivals(message).first })
            let lines = arrival.components(separatedBy: way.isMail ? "n=C2=B0 42 =3D 100" : "42 = 100 %").count - 1
            #expect(lines == (way == .webhook ? 0 : 1_490))
        }
    }

    @Test(.timeLimit(.minutes(30)), arguments: Way.networked, Way.Trouble.allCases)
    func tellsTrouble(_ way: Way, _ trouble: Way.Trouble) async throws {
        let logs = LogRecorder()
        let reachable = try await way.failing(trouble, logger: logs.logger)
        let message = Sample.message()
        let outcome = await reachable.channel.deliver(message, to: reachable.address)
        #expect(outcome == .later(reason: trouble.reason, after: nil))
        #expect(logs.lines.contains { $0.level == .error } == (trouble.reason == "tls"), "certificate trouble is loud, nothing else is")
        for line in logs.lines {
            #expect(!line.text.contains(reachable.address) && !line.text.contains("DURAND"), "no address, no content in the log")
        }
    }

    /// The limits of the transfer are longer than the test may take: what ends it is the cancellation.
    @Test(.timeLimit(.minutes(30)), arguments: Way.networked) func cancellationReturns(_ way: Way) async throws {
        let reachable = try await way.failing(.hangs, limits: TransferLimits(connect: .seconds(900), total: .seconds(900)))
        let message = Sample.message()
        let attempt = Task { await reachable.channel.deliver(message, to: reachable.address) }
        if way.isMail {
            let peer = try await Peer.smtp.value
            _ = try await eventually("a connection", { contents("\(peer.folder)/hang.log") })
        } else {
            _ = try await eventually("the request", { try reachable.arrivals(message).first })
        }
        attempt.cancel()
        #expect(await attempt.value == .later(reason: "cancelled", after: nil))
    }

    @Test(arguments: Way.all) func cancelledBeforeItBegan(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let message = Sample.message()
            let attempt = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await reachable.channel.deliver(message, to: reachable.address)
            }
            #expect(await attempt.value == .later(reason: "cancelled", after: nil))
            #expect(try reachable.arrivals(message).isEmpty)
        }
    }

    /// One channel, many callers, some of whom give up: everyone gets an answer.
    @Test(arguments: Way.all) func manyAtOnce(_ way: Way) async throws {
        try await withFolder { folder in
            let reachable = try await way.working(in: folder)
            let outcomes = await withTaskGroup(of: (Bool, DeliveryOutcome).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let attempt = Task { await reachable.channel.deliver(Sample.message(), to: reachable.address) }
                        if number.isMultiple(of: 4) { attempt.cancel() }
                        return (number.isMultiple(of: 4), await attempt.value)
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count == 40)
            for (gaveUp, outcome) in outcomes {
                switch outcome {
                case .handedOver: break
                case .later(let reason, _): #expect(gaveUp && reason == "cancelled")
                case .never: Issue.record("\(outcome)")
                }
            }
        }
    }
}
