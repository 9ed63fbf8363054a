import ArgumentParser
import Coordination
import EventStore
import Foundation
import Pathways
import Projections
import Timekeeping

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Which events and which protocol rule put a follow-up in a list, and who was asked before."
    )

    @Argument(help: "The follow-up's id; see: relais todo --json.") var followUp: String
    @OptionGroup var data: DataOption
    @Option(name: .customLong("for"), help: "In whose list: RPPS; if absent that of whoever answers for it.") var reader: String?
    @Option(help: "As it stood at this position of the log.") var position: Int64?
    @Flag(help: "One JSON document: the same log up to there gives the same bytes.") var json = false

    func run() async throws {
        let node = try await ReadingNode.open(data.node)
        let streams = StreamNames(naming: try data.node.streamNaming(), territory: try data.node.settings().territory)
        let why = WhyReader(views: node.views, log: node.log, sealer: node.keys, territory: streams.territory)
        guard let explanation = try why.explanation(ofFollowUp: followUp, inListOf: reader, asOf: position) else {
            let list = reader.map { " in the list of \($0)" } ?? ""
            throw Failure(.no, "no follow-up of this id is known\(list)\(position.map { " at position \($0)" } ?? "")")
        }
        if json { return FileHandle.standardOutput.write(Data(try explanation.json()) + Data([0x0A])) }
        print(explanation.sentence)
        for cause in explanation.because { print("\(cause.position)  \(cause.occurredAt.rfc3339)  \(cause.type)  \(cause.sentence)") }
        for asked in explanation.asked {
            let load = asked.load.map { ", \($0) in hand" } ?? ""
            print("asked \(Self.name(asked.party)) at \(asked.at.rfc3339) (wave \(asked.wave)\(load)): \(asked.answer.rawValue)")
        }
        if !explanation.next.isEmpty { print("next \(explanation.next.map(Self.name).joined(separator: ", "))") }
        if let deadline = explanation.nextDeadline { print("deadline \(deadline.at.rfc3339) (\(deadline.kind.name))") }
    }

    private static func name(_ party: Explanation.Party) -> String { party.name ?? party.addressee.rawValue }
}
