import ArgumentParser
import Coordination
import EventStore
import Foundation
import NotificationChannels
import Notifications
import Pathways
import ServiceLifecycle
import Timekeeping

/// From an event to the hand-over of the message that tells it, and how long a backlog takes.
struct BenchNotifications: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "Urgent events to hand-over at a given rate; with --prepare and --drain, a backlog.",
        discussion: """
            The whole server works, planner and views included; the channel is one of the bench's own, which takes what --channel-milliseconds
            say. A tenth of the doctors is behind a channel that nobody answers on. --prepare N leaves N news waiting; --drain hands them over in
            a process of its own, a message each.
            """
    )

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Events of the log a second.") var rate = 50
    @Option(help: "For how many seconds.") var seconds = 20
    @Option(help: "What the next party takes for a message, in milliseconds.") var channelMilliseconds = 5
    @Option(help: "Pathways to tell about.") var pathways = 500
    @Option(help: "Leave so many news waiting, and hand nothing over.") var prepare: Int?
    @Flag(help: "Hand over what waits.") var drain = false

    func validate() throws {
        guard (1...100_000).contains(rate), (1...3_600).contains(seconds), (0...60_000).contains(channelMilliseconds),
            (1...100_000).contains(pathways),
            (1...1_000_000).contains(prepare ?? 1)
        else { throw ValidationError("A number is out of its bounds.") }
        if prepare != nil, drain { throw ValidationError("--prepare and --drain are two runs: the memory of the second is measured.") }
    }

    func run() async throws {
        let directory = options.data.node
        if !directory.isInitialised {
            try await InitCommand.initialise(directory, yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml", environment: .test)
        }
        let time = Duration.milliseconds(channelMilliseconds)
        var dispatch = NodeDispatch(settings: NotificationSettings(), link: "http://127.0.0.1:8080")
        dispatch.channels = ChannelBook(
            [.mssante: MeasuredChannel(kind: .mssante, time: time), .sms: MeasuredChannel(kind: .sms, time: time, isDead: true)],
            parallel: [.mssante: 32, .sms: 8]
        )
        if drain { dispatch.rules.itemsPerMessage = 1 }
        let node = try Node.open(directory, notifications: dispatch, logger: .quiet)
        let services = (drain ? [] : node.followerServices) + (prepare == nil ? node.dispatchServices : [])
        let group = ServiceGroup(services: services, logger: .quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            if let prepare {
                try await fill(node, prepare)
            } else if drain {
                try await empty(node)
            } else {
                try await measure(node)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        await node.close()
    }

    // MARK: - At a rate

    private func measure(_ node: Node) async throws {
        let stories = try await AlertStories.make(pathways, in: node)
        try await node.settle()
        try await handedOver(node, atMost: 0, within: .seconds(120))
        let start = try node.log.head().position
        // A sign, what is planned for it and the offer: three events.
        let count = max(1, rate * seconds / 3)
        let pause = Duration.seconds(3) / rate
        let begin = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                try await Task.sleep(until: begin + pause * number)
                group.addTask { try await stories.report(number) }
            }
            try await group.waitForAll()
        }
        try await node.settle()
        let took = ContinuousClock.now - begin
        let asked = try node.log.head().position - start
        // Those behind the dead channel stay.
        try await Task.sleep(for: .seconds(10))
        let latencies = try latencies(node, after: start)
        var figure = Figure("notifications.handover", Double(asked) / took.inSeconds, "events/s", latencies: latencies)
        figure.events = try node.log.head().position
        try figure.print(json: options.json)
        try Figure("notifications.handed_over", Double(latencies.count), "urgent news").print(json: options.json)
        try Figure("notifications.memory", Figure.peakResidentMebibytes, "MiB at most").print(json: options.json)
    }

    /// Of each urgent news, from when its event was recorded to when the channel had it.
    private func latencies(_ node: Node, after start: Int64) throws -> [Duration] {
        var recorded: [String: Int64] = [:]
        var facts: [MessageHandedOver] = []
        var position = start
        while true {
            let page = try node.log.read(after: position, limit: 1_000)
            for event in page {
                position = event.position
                recorded[event.id.description] = event.recordedAt.millisecondsSinceEpoch
                guard event.type == MessageHandedOver.type,
                    case .messageHandedOver(let fact) = try node.coordinator.loader.recorded(at: event.position)?.says
                else { continue }
                facts.append(fact)
            }
            if page.count < 1_000 { break }
        }
        return facts.filter { $0.urgency == .urgent }.flatMap { fact in
            fact.items.compactMap { item in
                recorded[item.event].map { .milliseconds(fact.at.millisecondsSinceEpoch - $0) }
            }
        }
    }

    // MARK: - A backlog

    private func fill(_ node: Node, _ count: Int) async throws {
        let stories = try await AlertStories.make(pathways, in: node)
        var progress = ProgressLine()
        var number = 0
        while try node.notifications.outbox.counts(at: node.coordinator.time.now()).waiting < Int64(count) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<256 {
                    let next = number
                    number += 1
                    group.addTask { try await stories.report(next) }
                }
                try await group.waitForAll()
            }
            progress.show("fill", try node.notifications.outbox.counts(at: node.coordinator.time.now()).waiting, of: Int64(count))
            if number % 4_096 == 0 { try await node.settle() }
        }
        progress.end()
        try await node.settle()
        let waiting = try node.notifications.outbox.counts(at: node.coordinator.time.now()).waiting
        try Figure("notifications.waiting", Double(waiting), "news").print(json: options.json)
    }

    private func empty(_ node: Node) async throws {
        let time = node.coordinator.time
        let dead = try Self.behindTheDead(node)
        let before = try node.notifications.outbox.counts(at: time.now())
        let begin = ContinuousClock.now
        let took = try await handedOver(node, atMost: dead, within: .seconds(3_600)) - begin
        let told = before.waiting + before.pending - dead
        try Figure("notifications.drain", Double(told) / took.inSeconds, "messages/s").print(json: options.json)
        try Figure("notifications.drain.time", took.inSeconds, "s for \(told) messages, \(dead) news stay behind a dead channel").print(
            json: options.json
        )
        try Figure("notifications.drain.memory", Figure.peakResidentMebibytes, "MiB at most").print(json: options.json)
    }

    /// What waits for those whom no channel reaches.
    private static func behindTheDead(_ node: Node) throws -> Int64 {
        let now = node.coordinator.time.now()
        var count: Int64 = 0
        for rpps in try node.notifications.outbox.due(at: now.adding(days: 365), limit: .max, excluding: []) {
            let recipient = try node.notifications.ledger.recipient(rpps)
            guard recipient.recipient.channels(in: recipient.territory.territory).first?.kind == .sms else { continue }
            let box = try node.notifications.outbox.box(of: rpps, at: now)
            count += Int64(box.waiting.count + box.messages.reduce(0) { $0 + $1.items.count })
        }
        return count
    }

    /// Waits until no more than so many news and messages are on their way, or until nothing moves any more: what rests until the night is
    /// over, or is behind the dead channel.
    ///
    /// - Returns: when the last of them went.
    @discardableResult
    private func handedOver(_ node: Node, atMost: Int64, within limit: Duration) async throws -> ContinuousClock.Instant {
        let end = ContinuousClock.now + limit
        var last: (open: Int64, since: ContinuousClock.Instant) = (.max, .now)
        while ContinuousClock.now < end {
            let counts = try node.notifications.outbox.counts(at: node.coordinator.time.now())
            let open = counts.waiting + counts.pending + counts.unrecorded
            if open <= atMost { return .now }
            if open != last.open { last = (open, .now) }
            if counts.unrecorded == 0, last.since + .seconds(5) < .now { return last.since }
            // To count goes through all of it: seldom.
            try await Task.sleep(for: .seconds(2))
        }
        throw Failure(.storage, "the backlog was not handed over in time")
    }
}
