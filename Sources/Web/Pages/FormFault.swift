import Coordination
import EventStore
import Pathways

/// Why a form had no effect, in words that a page tells kindly.
struct FormFault: Error, Hashable {
    let message: FlashMessage

    init(_ message: FlashMessage) { self.message = message }

    /// - Returns: nil for trouble that is not the form's: the error page tells it.
    init?(_ error: any Error) {
        switch error {
        case let fault as FormFault: self = fault
        case let rejection as Rejection:
            switch rejection.code {
            case .alreadyAccepted, .notYours: message = .takenByAnother
            case .alreadyClosed: message = .closed
            case .notOffered: message = .notOffered
            case .beforeDischarge: message = .beforeDischarge
            case .notDischarged: message = .notDischarged
            case .onHold: message = .onHold
            case .notOfTheTeam: message = .notOfTheTeam
            case .referentOnly: message = .referentOnly
            case .pathwayClosed: message = .pathwayClosed
            case .invalidAddress, .unreachableChannel: message = .addressRefused
            default: return nil
            }
        case EventStoreError.Code.commandKeyReused: message = .sentOtherwise
        default: return nil
        }
    }
}
