import ArgumentParser
import Foundation
import NIOCore
import Pathways

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Destroys the keys of a patient: what the log holds of them can be read by nobody any more.",
        discussion: """
            Takes every pathway of the patient and, with --ins, every local number that carries this national identity. Without --yes it only
            tells how much would go. A territory that a pathway came from or went to is named, and erases for itself. It cannot be taken back. Hashes and proofs of the log stay valid. To hide without destroying, see:
            relais patient oppose.
            """
    )

    @Option(help: ArgumentHelp("The patient's local number.", valueName: "AUTHORITY/NUMBER")) var patient: String?
    @Option(help: ArgumentHelp("Or the national identity (INS).", valueName: "NUMBER")) var ins: String?
    @Option(help: "On what ground: \(PatientErased.Reason.allCases.map(\.rawValue).joined(separator: ", ")).") var reason: PatientErased.Reason
    @Option(help: "Who decides: the référent-parcours, as urn:rpps:….") var actor: String
    @Flag(help: "Do it.") var yes = false
    @OptionGroup var data: DataOption

    func validate() throws {
        if (patient == nil) == (ins == nil) { throw ValidationError("Name the patient with either --patient or --ins.") }
    }

    func run() async throws {
        var body: [String: Any] = ["reason": reason.rawValue, "dryRun": !yes]
        if let patient { body["patient"] = try PatientArgument(patient).json }
        if let ins { body["ins"] = ins }
        let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
        let headers = PatientArgument.headers(actor: actor)
        let answer = try await ControlClient.with(data.node) { client in
            try await client.perform("POST", "/api/v1/erasures", headers: headers, body: content, timeout: .minutes(15))
        }
        try answer.print()
        if !yes { Console.say("nothing was erased; repeat with --yes to do it") }
    }
}

/// `AUTHORITY/NUMBER`.
struct PatientArgument {
    let authority: String
    let value: String

    init(_ text: String) throws {
        guard let slash = text.lastIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex else {
            throw Failure(.usage, "a patient is named AUTHORITY/NUMBER, as 850099995/P123")
        }
        authority = String(text[..<slash])
        value = String(text[text.index(after: slash)...])
    }

    var json: [String: String] { ["authority": authority, "value": value] }

    static func headers(actor: String, key: String? = nil) -> [String: String] {
        ["Relais-Actor": actor, "Idempotency-Key": key ?? UUID().uuidString.lowercased(), "Content-Type": "application/json"]
    }
}
