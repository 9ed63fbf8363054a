public import Timekeeping

/// A rule of a protocol applied to what happened: what was decided at planning, kept as it was even if the protocol changes.
public struct PlannedFollowUp: Hashable, Sendable {
    public let id: String
    public let rule: RuleReference
    public let protocolVersion: Int
    public let role: CareRole
    /// French, verb first, at most 40 characters.
    public let title: String
    public let priority: Priority
    public let dueFrom: Instant
    public let dueBy: Instant
    /// Minutes that a professional has to answer an offer.
    public let answerWithinMinutes: Int
    /// What it hangs on: the discharge that it follows; before the discharge, the movement with which the stay began; else the report of a
    /// professional (``LocalIdentifier/report(_:)``).
    public let movement: MovementID
    /// Doing it tells that the patient is at home.
    public let recordsHomeReturn: Bool
    /// What made the rule plan it.
    public let trigger: RuleTrigger
    public let solicitation: SolicitationPolicy
    /// In the order of time; the last one is repeated (``EscalationStep``).
    public let escalation: [EscalationStep]
    /// Whoever accepts it has done it: something to know, nothing to report.
    public let completesOnAcceptance: Bool

    /// Planned only because no home return was confirmed in time.
    public var becauseHomeReturnMissing: Bool { trigger == .homeReturnMissing }

    public init(
        id: String,
        rule: RuleReference,
        protocolVersion: Int,
        role: CareRole,
        title: String,
        priority: Priority,
        dueFrom: Instant,
        dueBy: Instant,
        answerWithinMinutes: Int,
        movement: MovementID,
        recordsHomeReturn: Bool = false,
        trigger: RuleTrigger = .discharge,
        solicitation: SolicitationPolicy? = nil,
        escalation: [EscalationStep] = EscalationStep.standard,
        completesOnAcceptance: Bool = false
    ) {
        self.id = id
        self.rule = rule
        self.protocolVersion = protocolVersion
        self.role = role
        self.title = title
        self.priority = priority
        self.dueFrom = dueFrom
        self.dueBy = dueBy
        self.answerWithinMinutes = answerWithinMinutes
        self.movement = movement
        self.recordsHomeReturn = recordsHomeReturn
        self.trigger = trigger
        self.solicitation = solicitation ?? .standard(answerWithinMinutes: answerWithinMinutes)
        self.escalation = escalation
        self.completesOnAcceptance = completesOnAcceptance
    }

    init(from json: JSONObject) throws(CodecError) {
        id = try json.string("id")
        rule = RuleReference(followUpProtocol: try json.string("protocol"), rule: try json.string("rule"))
        protocolVersion = try json.int("version")
        role = CareRole(rawValue: try json.string("role"))
        title = try json.string("title")
        guard let priority = Priority(name: try json.string("priority")) else {
            throw CodecError(path: "$.priority", problem: "is a word this version does not know")
        }
        self.priority = priority
        dueFrom = try json.instant("dueFrom")
        dueBy = try json.instant("dueBy")
        answerWithinMinutes = try json.int("answerWithin")
        movement = try MovementID(from: try json.object("movement"))
        recordsHomeReturn = try json.flag("homeReturn")
        trigger = try json.word("trigger")
        solicitation = try SolicitationPolicy(from: try json.object("solicitation"))
        escalation = try json.objects("escalation") { (object) throws(CodecError) in try EscalationStep(from: object) }
        completesOnAcceptance = try json.flag("completesOnAcceptance")
    }

    func write(to json: inout JSONWriter) {
        json.write("id", id)
        json.write("protocol", rule.followUpProtocol)
        json.write("rule", rule.rule)
        json.write("version", protocolVersion)
        json.write("role", role.rawValue)
        json.write("title", title)
        json.write("priority", priority.name)
        json.write("dueFrom", dueFrom)
        json.write("dueBy", dueBy)
        json.write("answerWithin", answerWithinMinutes)
        json.write("movement", object: movement.write)
        json.write("homeReturn", flag: recordsHomeReturn)
        json.write("trigger", trigger)
        json.write("solicitation", object: solicitation.write)
        json.write("escalation", escalation) { $1.write(to: &$0) }
        json.write("completesOnAcceptance", flag: completesOnAcceptance)
    }
}
