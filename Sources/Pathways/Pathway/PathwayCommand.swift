public import Timekeeping

/// What can be asked of a pathway. Time, identifiers and chance come in with the command (I12).
public enum PathwayCommand: Sendable {
    /// The hospital states a movement, corrects one, or takes one back.
    case report(VisitReport, PathwayReference)
    /// The visit turns out to be another patient's (A44).
    case reassign(PathwayReassigned)
    /// Says whose visit it is, now that this is known of the numbers that its reports name (``Pathway/namedPatients``).
    case settle([LocalIdentifier: Claimant])
    case planDischarge(at: Instant, by: Attribution)
    case confirmHomeReturn(HomeReturnConfirmed)
    case applyProtocol(String, by: Attribution)
    /// The planner: brings follow-ups and offers in line with the visit and the protocols in force. Doing it twice changes nothing.
    case reconcile(PlanningContext)
    /// - Parameter team: the team that was asked, of which the professional is a member: checked by who hands this in.
    case accept(followUp: String, by: Attribution, at: Instant, team: String? = nil)
    /// Declines an offer, or gives back what was accepted; the référent-parcours takes back what somebody else accepted.
    case decline(followUp: String, by: Attribution, reason: DeclineReason, team: String? = nil)
    case complete(followUp: String, by: Attribution, at: Instant, outcome: FollowUpOutcome, note: String?)
    case note(followUp: String, by: Attribution, text: String)
    case acknowledgeWithdrawal(followUp: String, by: Attribution)
    /// The référent-parcours has a follow-up offered anew.
    case solicitAgain(followUp: String, by: Attribution, at: Instant)
    case reportAlert(AlertSignReported)
    case reportPrescriptionMissing(PrescriptionMissing)
    case obtainPrescription(report: String, by: Attribution, at: Instant)
    case enrolInPrado(by: Attribution, at: Instant)
    case leavePrado(by: Attribution, at: Instant)
    /// - Parameter followUps: ids; empty for all, those to come included.
    case refuseCare(followUps: [String], by: Attribution, at: Instant)
    case takeBackRefusal(by: Attribution, at: Instant)
    /// The référent-parcours closes it.
    case close(ClosingReason, by: Attribution, at: Instant)
    case reopen(by: Attribution, at: Instant)
    /// Goes on here with a pathway that another territory kept; what it stated comes with further commands (`Pathway.restated`).
    case takeOver(PathwayTakenOver)
    /// Another territory goes on with it.
    case handOver(PathwayHandedOver)
    /// Takes back the note that `event` made. That it is a note of this pathway, and whose, is checked by who hands this in.
    case retract(event: String, by: Attribution, reason: RetractionReason)
}
