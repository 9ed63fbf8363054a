import Coordination
import EventStore
import Foundation
import Sealing
import Simulation

extension SimulateCommand {
    /// Tells what would have come of a log under another protocol. The directory is only read, also beside a running server.
    ///
    /// - Parameters:
    ///   - file: the protocol.
    ///   - directory: what is read.
    /// - Throws: `FileErrors` with every fault of the protocol; `Failure` if the log's decisions cannot be made again.
    func askWhatIf(_ file: String, of directory: String) async throws {
        var options = WhatIfOptions(yaml: try InputFile.text(at: file), file: file)
        (options.from, options.to, options.seed) = (from, to, seed)
        if let draws { options.draws = draws }
        let place = NodeDirectory(naming: directory)
        let settings = try place.settings()
        let keys = try NodeKeys.openReadOnly(place, settings)
        let log = try SQLiteEventLog.openReadOnly(directory: place.path, sealer: keys)
        let streams = StreamNames(naming: try place.streamNaming(), territory: settings.territory)
        var line = ProgressLine()
        let report: WhatIfReport
        do {
            report = try await WhatIf(log: log, sealer: keys, streams: streams).run(options) { line.show($0, $1, of: $2) }
        } catch let refusal as WhatIfRefusal {
            line.end()
            throw Failure(.no, refusal.description)
        }
        line.end()
        print(try json ? report.json() : report.text)
    }
}
