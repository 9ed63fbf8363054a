import Logging

/// Collects log lines as "source message".
struct TallyLogHandler: LogHandler {
    let tally: Tally
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    init(tally: Tally) { self.tally = tally }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        tally.add("\(event.source) \(event.message) \(event.metadata ?? [:])")
    }
}
