import ArgumentParser
import Coordination
import EventStore
import Foundation
import Pathways
import Projections
import Timekeeping

/// « Ai-je été prévenu ? »
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Whom was told what of a pathway, or what a professional was told: handed over, arrived, opened, acted."
    )

    @Option(help: "The pathway's id.") var pathway: String?
    @Option(help: "Instead: a professional's RPPS.") var rpps: String?
    @Option(help: "As it stood at this position of the log.") var position: Int64?
    @OptionGroup var data: DataOption
    @Flag(help: "One JSON document.") var json = false

    func validate() throws {
        if (pathway == nil) == (rpps == nil) { throw ValidationError("Name the pathway by --pathway ID, or the professional by --rpps RPPS.") }
    }

    func run() async throws {
        let node = try await ReadingNode.open(data.node)
        try check(node)
        let lines = try lines(NotificationReader(views: node.views))
        if json { return try Console.printJSON(LedgerDocument(told: lines.map(LedgerDocument.Line.init))) }
        if lines.isEmpty { print("nobody was told anything") }
        for line in lines { print(Self.words(line)) }
    }

    /// A slip of the pen is not « nobody was told ».
    private func check(_ node: ReadingNode) throws {
        if let pathway {
            guard let stream = StreamID(hex: pathway) else { throw Failure(.usage, "a pathway's id has 32 hexadecimal digits") }
            guard try node.log.version(of: stream) > 0 else { throw Failure(.no, "no pathway of this id is known") }
        }
        if let rpps {
            guard let known = try? RPPS(rpps) else { throw Failure(.usage, "\(rpps) is not an RPPS (11 digits with a right key)") }
            let streams = StreamNames(naming: try data.node.streamNaming(), territory: try data.node.settings().territory)
            let isInDirectory = try DirectoryReader(views: node.views).professionals().contains { $0.rpps == known.value }
            guard try isInDirectory || node.log.version(of: streams.recipient(known.value)) > 0 else {
                throw Failure(.no, "the directory holds nobody of this RPPS, and nothing was ever told them")
            }
        }
    }

    private func lines(_ reader: NotificationReader) throws -> [ToldLine] {
        if let pathway {
            guard let stream = StreamID(hex: pathway) else { throw Failure(.usage, "a pathway's id has 32 hexadecimal digits") }
            return try reader.ledger(ofPathway: stream, asOf: position)
        }
        var lines: [ToldLine] = []
        var after: Int64?
        repeat {
            let page = try reader.ledger(ofProfessional: rpps ?? "", asOf: position, after: after, limit: NotificationReader.pageLimit)
            lines += page.lines
            after = page.next
        } while after != nil
        return lines
    }

    private static func words(_ line: ToldLine) -> String {
        var words = ["\(line.recipient.name ?? line.recipient.rpps)  \(line.item.template)"]
        for handOver in line.handOvers {
            let reminder = handOver.reminder == 0 ? "" : " (reminder \(handOver.reminder))"
            words.append("handed over by \(handOver.channel.rawValue) \(handOver.at.rfc3339)\(reminder)")
        }
        if let at = line.deliveredAt { words.append("arrived \(at.rfc3339)") }
        if let opened = line.opened { words.append("opened \(opened.at.rfc3339) (\(opened.via.rawValue))") }
        if let acted = line.acted { words.append("\(acted.kind.rawValue) \(acted.at.rfc3339)") }
        for bounce in line.bounces { words.append("came back from \(bounce.channel.rawValue) \(bounce.at.rfc3339): \(bounce.reason.rawValue)") }
        if let failed = line.undeliverable {
            let told = line.told.map { "; told instead: \($0.name ?? $0.rpps)" } ?? ""
            words.append("given up \(failed.at.rfc3339): \(failed.reason.rawValue)\(told)")
        }
        return words.joined(separator: ", ")
    }
}
