import ArgumentParser
import Foundation
import HL7v2

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "import", abstract: "Feeds messages from files.", subcommands: [HL7.self])

    struct HL7: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hl7",
            abstract: "Feeds HL7 v2 messages from files; prints one acknowledgement a message, and a total.",
            discussion: "A file holds one message, or several, each beginning with a line MSH. Exit status 1 if a message was not accepted."
        )

        @Argument(help: "Files in ER7, with or without MLLP framing.") var files: [String]
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document at the end, instead of the acknowledgements.") var json = false

        func run() async throws {
            let messages = try files.flatMap { file in MessageFile.messages(in: try InputFile.bytes(at: file)).map { (file, $0) } }
            let json = json
            let total = try await ControlClient.with(data.node) { client in
                var total = Total()
                var progress = ProgressLine()
                for (index, (file, message)) in messages.enumerated() {
                    let answer = try await client.send(
                        "POST",
                        "/api/v1/hl7",
                        headers: ["Content-Type": "application/hl7-v2+er7"],
                        body: Data(message)
                    )
                    total.count(answer, file: file)
                    if !json {
                        let text =
                            answer.status == 204
                            ? "\(file): no acknowledgement is wanted\r"
                            : answer.isSuccess ? String(decoding: answer.body, as: UTF8.self) : "\(file): no acknowledgement is possible\r"
                        FileHandle.standardOutput.write(Data(text.replacingOccurrences(of: "\r", with: "\n").utf8) + Data([0x0A]))
                    }
                    progress.show("import", Int64(index + 1), of: Int64(messages.count))
                }
                progress.end()
                return total
            }
            if json { try Console.printJSON(total) }
            Console.say(
                "\(total.messages) messages: \(total.codes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))"
            )
            if !total.isAllAccepted { throw ExitCode(1) }
        }
    }

    private struct Total: Encodable, Sendable {
        var messages = 0
        /// By acknowledgement code (MSA-1); `none` where no acknowledgement was possible, `notWanted` where the message asks for none: it was
        /// taken in, and `relais feed status` tells what came of it.
        var codes: [String: Int] = [:]

        var isAllAccepted: Bool { codes.keys.allSatisfy { ["AA", "CA", "notWanted"].contains($0) } }

        mutating func count(_ answer: ControlClient.Answer, file: String) {
            messages += 1
            let message = answer.isSuccess ? try? Message(parsing: Array(answer.body)) : nil
            codes[message?["MSA", 1].text ?? (answer.status == 204 ? "notWanted" : "none"), default: 0] += 1
        }
    }
}
