public import ArgumentParser
import Foundation
public import Pathways
public import Timekeeping

/// Where the data directory is: common to nearly all commands.
struct DataOption: ParsableArguments {
    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory of a territory.", valueName: "DIR"))
    var directory: String

    var node: NodeDirectory { NodeDirectory(naming: directory) }
}

extension Instant: ExpressibleByArgument {
    public init?(argument: String) { self.init(rfc3339: argument) }
}

extension DeploymentEnvironment: ExpressibleByArgument {}
extension DischargeDestination: ExpressibleByArgument {}
extension HomeReturnEvidence: ExpressibleByArgument {}
extension PatientErased.Reason: ExpressibleByArgument {}
extension CorrectionReason: ExpressibleByArgument {}
extension RetractionReason: ExpressibleByArgument {}

/// `HOST:PORT`.
struct Endpoint: ExpressibleByArgument, CustomStringConvertible {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"), let port = Int(argument[argument.index(after: colon)...]), 0...65_535 ~= port else {
            return nil
        }
        host = argument[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        self.port = port
    }

    var description: String { "\(host):\(port)" }
}
