import ArgumentParser

/// Figures, each beside what they depend on. The comparison with floors and peers is `ops/bench/run`.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Prints figures, with the durability read back.",
        discussion: "With --json, one object a line. The directory is the bench's own: made if absent, and kept.",
        subcommands: [
            BenchAppend.self, BenchReplay.self, BenchToDo.self, BenchPast.self, BenchMLLP.self, BenchNotifications.self, BenchVerify.self,
            BenchProofs.self,
        ]
    )

    struct Options: ParsableArguments {
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON object a line.") var json = false
    }
}
