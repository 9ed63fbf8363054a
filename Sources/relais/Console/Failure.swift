import ArgumentParser
import Coordination
import EventStore
import Foundation
import Pathways
import Sealing

/// An error for people: what, where, what to do; and its exit status.
struct Failure: Error, CustomStringConvertible {
    enum Status: Int32 {
        /// The answer is no.
        case no = 1
        /// Usage or environment.
        case usage = 2
        /// EX_IOERR of sysexits.
        case storage = 74
    }

    let status: Status
    let description: String

    init(_ status: Status = .usage, _ description: String) {
        self.status = status
        self.description = description
    }

    /// Ends the process with the words and the status that fit the error.
    static func exit(with error: any Error) -> Never {
        switch error {
        case let failure as Failure:
            Console.say("relais: \(failure)")
            Foundation.exit(failure.status.rawValue)
        case let errors as FileErrors:
            for problem in errors.problems { Console.say("\(problem)") }
            Foundation.exit(Status.no.rawValue)
        case let error as EventStoreError:
            Console.say("relais: \(error)")
            let unusable: [EventStoreError.Code] = [.ownedByAnother, .notALog, .wrongLog, .schemaTooNew, .invalidRequest]
            Foundation.exit(unusable.contains(error.code) ? Status.usage.rawValue : Status.storage.rawValue)
        case let error as SealingError:
            Console.say("relais: \(error)")
            let unusable: [SealingError.Code] = [.noKeyStore, .wrongMasterKey, .invalidMasterKey, .masterKeyUnavailable]
            Foundation.exit(unusable.contains(error.code) ? Status.usage.rawValue : Status.storage.rawValue)
        case let exit as ExitCode:
            Foundation.exit(exit.rawValue)
        default:
            // Usage errors and requests for help are worded by the argument parser; its usage status (64) is our 2.
            let code = Relais.exitCode(for: error)
            let message = Relais.fullMessage(for: error)
            if code.isSuccess {
                if !message.isEmpty { print(message) }
                Foundation.exit(0)
            }
            Console.say(message)
            Foundation.exit(Status.usage.rawValue)
        }
    }
}
