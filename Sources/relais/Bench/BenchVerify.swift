import ArgumentParser
import EventStore

/// Everything recomputed from the stored bytes, as `relais verify` does it.
struct BenchVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "verify", abstract: "Events verified per second, and the memory it takes.")

    @OptionGroup var options: BenchCommand.Options

    func run() async throws {
        let log = try SQLiteEventLog.openReadOnly(directory: options.data.node.path)
        var report: VerificationReport?
        let elapsed = try ContinuousClock().measure { report = try log.verify() }
        guard let report, report.isSound else { throw Failure(.no, "the log is not sound: run relais verify") }
        var figure = Figure("verify", Double(report.eventCount) / elapsed.inSeconds, "ev/s")
        figure.events = report.eventCount
        try figure.print(json: options.json)
        try Figure("verify.resident", Figure.peakResidentMebibytes, "MiB").print(json: options.json)
    }
}
