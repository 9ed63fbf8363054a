public import EventStore
public import HL7v2
public import Pathways

/// What came of one frame, for whoever handed it in.
public struct IntakeReceipt: Sendable, Hashable {
    public enum Result: Sendable, Hashable {
        /// Recorded now.
        case recorded(MessageOutcome)
        /// The same bytes came before: the first answer again, nothing recorded.
        case repeated
        /// Trouble of ours: nothing recorded, to be sent again.
        case unavailable
    }

    public let result: Result
    /// MSA-1.
    public let acknowledgement: AcknowledgementCode
    public let warnings: [IntakeWarning]
    /// Why it was quarantined or refused.
    public let faults: [IntakeFault]
    /// The pathway that it speaks of.
    public let pathway: StreamID?
    /// The position that a view must have reached to show the effect; nil when nothing was recorded.
    public internal(set) var position: Int64?
    /// Which of several territories took it, and why; nil where there is one only.
    public internal(set) var routing: RoutingDecision?

    init(
        result: Result,
        acknowledgement: AcknowledgementCode,
        warnings: [IntakeWarning] = [],
        faults: [IntakeFault] = [],
        pathway: StreamID? = nil,
        position: Int64? = nil
    ) {
        self.result = result
        self.acknowledgement = acknowledgement
        self.warnings = warnings
        self.faults = faults
        self.pathway = pathway
        self.position = position
    }
}
