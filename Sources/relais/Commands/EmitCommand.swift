import ArgumentParser
import Foundation
import Pathways
import Timekeeping

/// A step by hand, the same commands as HL7.
struct EmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "emit",
        abstract: "Emits a step of a pathway by hand.",
        subcommands: [Admission.self, DischargePlanned.self, Discharge.self, HomeReturn.self]
    )

    /// Common to all steps.
    struct Step: ParsableArguments {
        @OptionGroup var data: DataOption
        @Option(help: "The visit number (PV1-19).") var visit: String
        @Option(help: "The authority that numbers visits: the hospital's FINESS or namespace.") var facility: String
        @Option(help: "Who emits: urn:rpps:… of the directory.") var actor: String
        @Option(help: "When it happened, RFC 3339; now if absent.") var at: Instant?
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?

        var moment: String { (at ?? TimeSource.system.now()).rfc3339 }

        func headers() -> [String: String] {
            ["Relais-Actor": actor, "Idempotency-Key": key ?? UUID().uuidString.lowercased(), "Content-Type": "application/json"]
        }

        func post(_ step: String, _ body: [String: String]) async throws {
            let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
            let answer = try await ControlClient.with(data.node) { [headers = headers(), visit, facility] client in
                let query = "visit=\(Self.escape(visit))&facility=\(Self.escape(facility))"
                let found = try await client.perform("GET", "/api/v1/pathways?\(query)").decode(Found.self).pathways
                guard let pathway = found.first else {
                    throw Failure(.no, "no pathway of visit \(visit) at \(facility) is known; emit its admission first")
                }
                return try await client.perform("POST", "/api/v1/pathways/\(pathway)/\(step)", headers: headers, body: content)
            }
            try answer.print()
        }

        static func escape(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-"])) ?? text }

        private struct Found: Decodable {
            let pathways: [String]
        }
    }

    struct Admission: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The patient is admitted.")
        @OptionGroup var step: Step
        @Option(help: "The patient's local number (IPP).") var patient: String
        @Option(help: "Birth name.") var birthName: String
        @Option(help: "Used name.") var usedName: String?
        @Option(help: "First given name.") var givenName: String
        @Option(help: "YYYY-MM-DD.") var birthDate: String
        @Option(help: "F, M or U.") var sex: String
        @Option(help: "Telephone number.") var phone: String?
        @Option(help: "Address: number and street.") var line: String?
        @Option(help: "Address: postal code.") var postalCode: String?
        @Option(help: "Address: city.") var city: String?
        @Option(help: "Code of the medical unit.") var unit: String?
        @Option(name: .customLong("gp"), help: "RPPS of the médecin traitant.") var attendingGP: String?

        func run() async throws {
            var patient: [String: Any] = [
                "authority": step.facility, "value": self.patient, "birthName": birthName, "givenName": givenName, "birthDate": birthDate,
                "sex": sex,
            ]
            patient["usedName"] = usedName
            patient["phone"] = phone
            let address = ["line": line, "postalCode": postalCode, "city": city].compactMapValues(\.self)
            if !address.isEmpty { patient["address"] = address }
            var body: [String: Any] = ["visit": ["authority": step.facility, "value": step.visit], "patient": patient, "at": step.moment]
            if let unit { body["unit"] = ["code": unit] }
            if let attendingGP { body["declared"] = [["role": CareRole.attendingGP.rawValue, "rpps": attendingGP]] }
            let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
            let answer = try await ControlClient.with(step.data.node) { [headers = step.headers()] client in
                try await client.perform("POST", "/api/v1/pathways", headers: headers, body: content)
            }
            try answer.print()
        }
    }

    struct DischargePlanned: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The patient is to leave at the given time.")
        @OptionGroup var step: Step

        func run() async throws { try await step.post("discharge-planned", ["at": step.moment]) }
    }

    struct Discharge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The patient leaves.")
        @OptionGroup var step: Step
        @Option(help: "Where to.") var destination: DischargeDestination = .home

        func run() async throws { try await step.post("discharge", ["at": step.moment, "destination": destination.rawValue]) }
    }

    struct HomeReturn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The patient is known to be at home.")
        @OptionGroup var step: Step
        @Option(help: "How it is known.") var howKnown: HomeReturnEvidence

        func run() async throws { try await step.post("home-return", ["at": step.moment, "howKnown": howKnown.rawValue]) }
    }
}

extension ControlClient.Answer {
    /// The server's own document.
    func print() throws { FileHandle.standardOutput.write(body + Data([0x0A])) }
}
