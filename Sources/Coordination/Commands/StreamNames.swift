public import EventStore
public import Pathways

/// The stream ids of this territory (architecture, « Streams »): computed from what they hold, never looked up.
public struct StreamNames: Sendable {
    private let naming: StreamNaming
    private let followUps = FollowUpNames()
    public let territory: StreamID

    public init(naming: StreamNaming, territory: String) {
        self.naming = naming
        self.territory = naming.id(kind: "territory", authority: "relais", identifier: territory)
    }

    /// One hospital stay and its return home. `visit` is PV1-19.
    public func pathway(_ visit: LocalIdentifier) -> StreamID {
        naming.id(kind: "pathway", authority: visit.authority, identifier: visit.value)
    }

    /// A patient by their local number (PID-3 `PI`).
    public func patient(_ patient: LocalIdentifier) -> StreamID {
        naming.id(kind: "patient", authority: patient.authority, identifier: patient.value)
    }

    /// The register of erasures (`PatientErased`), one per territory.
    public var erasures: StreamID { naming.id(kind: "erasures", authority: "relais", identifier: territory.hex) }

    /// What whoever runs the installation decided (`ParkingDiscarded`), one per territory.
    public var operations: StreamID { naming.id(kind: "operations", authority: "relais", identifier: territory.hex) }

    /// Stands for a message of which nobody knows whom it is about: under this name it has a key of its own, so that it can be erased.
    /// - Parameter digest: of its bytes.
    public func message(_ digest: String) -> StreamID { naming.id(kind: "message", authority: "relais", identifier: digest) }

    /// By what a patient is looked up from their national identity: keyed, since the numbers are few enough to try them all.
    public func lookupKey(_ ins: INS) -> StreamID { naming.id(kind: "ins", authority: "relais", identifier: ins.value) }

    /// One professional as somebody who is told things: their wishes, and what they were told. It has a key of its own, and no patient.
    public func recipient(_ rpps: String) -> StreamID { naming.id(kind: "recipient", authority: territory.hex, identifier: rpps) }

    /// One per sender: MSH-4 and MSH-3, or the API's own.
    public func intake(facility: String, application: String) -> StreamID {
        naming.id(kind: "intake", authority: facility, identifier: application)
    }

    /// The id of the follow-up that `rule` asks for after the discharge `movement`: the same whenever it is planned.
    public func followUp(pathway: StreamID, rule: RuleReference, movement: MovementID) -> String {
        followUps.name(of: FollowUpNames.Subject(pathway: pathway, rule: rule, movement: movement)) {
            naming.id(kind: "follow-up", authority: "\(pathway.hex)/\(rule)", identifier: "\(movement.authority)|\(movement.value)").hex
        }
    }

    /// What the log is told of a command: a key and a request that it recognises, and of which nobody who holds the log alone can try out
    /// what they were. A request may be short, and outlives in the log's table of commands the erasure of whoever it was about.
    func keyed(_ command: CommandKey) -> CommandKey {
        CommandKey(
            scope: command.scope,
            key: naming.digest(kind: "command-key", authority: command.scope, identifier: command.key).hex,
            requestHash: naming.digest(kind: "request", authority: command.scope, identifier: command.requestHash.hex),
            match: command.match
        )
    }

    public func reference(visit: LocalIdentifier, patient: LocalIdentifier) -> PathwayReference {
        PathwayReference(visit: visit, patient: patient, patientStream: self.patient(patient).hex)
    }

    /// A patient's number with the stream that holds them.
    public func link(_ patient: LocalIdentifier) -> PatientLink { PatientLink(identifier: patient, stream: self.patient(patient).hex) }
}
