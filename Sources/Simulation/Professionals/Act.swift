import EventStore
import Pathways
import Timekeeping

/// What somebody is about to do in the coordinator.
struct Act {
    enum Deed {
        case accept(team: String?)
        case decline(team: String?, DeclineReason)
        /// Reports it done, or that the patient was not there.
        case finish(FollowUpOutcome)
        case giveBack
        case seeWithdrawal
        /// The référent-parcours looks at what nobody took.
        case lookAfter
        /// Asked why it is not done: does it now, or has it taken over.
        case catchUp
        case reportAlert(AlertSign)
        case reportPrescriptionMissing
        case obtainPrescription(report: String)
        case applyProtocol(String)
        case declareAbsence(from: Instant, to: Instant, replacement: String?)
        case endAbsence(from: Instant)
    }

    /// Names the request: the same when it is repeated because no answer came.
    let number: Int
    let rpps: String
    let pathway: StreamID?
    let followUp: String?
    let deed: Deed
    var tries = 0
}
