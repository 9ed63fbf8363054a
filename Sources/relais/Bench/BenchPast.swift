import ArgumentParser
import Coordination
import EventStore
import Projections
import Simulation

/// Questions that people ask about the past, at positions drawn from the whole log: a list as it stood, and why something was in it.
struct BenchPast: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "past",
        abstract: "To-do lists as they stood, and why, at any position.",
        discussion: "On a directory that holds a story, such as one of relais simulate. The référent-parcours, who sees most, is measured apart."
    )

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Lists to read of professionals, of the référent-parcours, and reasons to ask for.") var count = 500
    @Option(help: "The same seed asks the same.") var seed: UInt64 = 1

    func run() async throws {
        let node = try await ReadingNode.open(options.data.node)
        let (lists, head) = (ToDoReader(views: node.views), try node.log.head())
        let streams = StreamNames(naming: try options.data.node.streamNaming(), territory: try options.data.node.settings().territory)
        let why = WhyReader(views: node.views, log: node.log, sealer: node.keys, territory: streams.territory)
        let everybody = try DirectoryReader(views: node.views).professionals().map(\.rpps)
        guard head.position > 0, !everybody.isEmpty else { throw Failure(.no, "nothing has happened there") }
        var random = SplitMix64(state: seed)
        var found: [(followUp: String, rpps: String, position: Int64)] = []

        func read(_ name: String, _ next: (inout SplitMix64) throws -> String) throws {
            var latencies: [Duration] = []
            var items = 0
            for _ in 0..<count {
                let position = Int64.random(in: 1...head.position, using: &random)
                let rpps = try next(&random)
                guard let then = try node.log.read(after: position - 1, limit: 1).first?.recordedAt else { continue }
                let begin = ContinuousClock.now
                let list = try lists.list(rpps: rpps, asOf: position, now: then)
                latencies.append(ContinuousClock.now - begin)
                items += list.items.count
                if let item = list.items.randomElement(using: &random) { found.append((item.followUp, rpps, position)) }
            }
            try figure("past.list.\(name)", latencies, head.position)
            try Figure("past.list.\(name).items", Double(items) / Double(max(latencies.count, 1)), "items a list").print(json: options.json)
        }

        try read("professional") { everybody.randomElement(using: &$0) ?? "" }
        if let referent = try node.referent() { try read("referent") { _ in referent } }

        var latencies: [Duration] = []
        for question in found.shuffled(using: &random).prefix(count) {
            let begin = ContinuousClock.now
            let answer = try why.explanation(ofFollowUp: question.followUp, inListOf: question.rpps, asOf: question.position)
            latencies.append(ContinuousClock.now - begin)
            guard answer != nil else { throw Failure(.no, "\(question.followUp) is in a list at \(question.position), and nothing tells why") }
        }
        try figure("past.why", latencies, head.position)
    }

    private func figure(_ id: String, _ latencies: [Duration], _ events: Int64) throws {
        guard !latencies.isEmpty else { throw Failure(.no, "\(id): there was nothing to ask about") }
        var figure = Figure(id, Double(latencies.count) / latencies.reduce(.zero, +).inSeconds, "reads/s", latencies: latencies)
        figure.events = events
        try figure.print(json: options.json)
    }
}
