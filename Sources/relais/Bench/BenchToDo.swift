import ArgumentParser
import EventStore
import Pathways
import Projections
import Timekeeping

/// One professional's list, read from the views.
struct BenchToDo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "todo", abstract: "To-do lists read per second.")

    @OptionGroup var options: BenchCommand.Options
    @Option(help: "Events in the log, at least.") var events: Int64 = 10_000
    @Option(help: "Lists to read.") var count = 2_000

    func run() async throws {
        let node = try await SyntheticStays.node(in: options.data.node)
        if try node.log.head().position < events { try await SyntheticStays(node).fill(to: events) }
        try node.projections.catchUp()
        let stays = try SyntheticStays(node)
        let nurses = stays.territory.professionals.filter { $0.role == .nurse }
        let reader = ToDoReader(views: node.views)
        let now = TimeSource.system.now()
        var latencies: [Duration] = []
        var items = 0
        for number in 0..<count {
            let begin = ContinuousClock.now
            items += try reader.list(rpps: nurses[number % nurses.count].rpps.value, now: now).items.count
            latencies.append(ContinuousClock.now - begin)
        }
        let total = latencies.reduce(Duration.zero, +)
        var figure = Figure("todo.read", Double(count) / total.inSeconds, "reads/s", latencies: latencies)
        figure.events = try node.log.head().position
        try figure.print(json: options.json)
        try Figure("todo.items", Double(items) / Double(max(count, 1)), "items a list").print(json: options.json)
        await node.close()
    }
}
