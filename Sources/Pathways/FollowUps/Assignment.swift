/// Whom the planner asks for a follow-up, in which order, and why: what it weighed is kept in the event it causes.
public struct Assignment: Hashable, Sendable {
    public enum Basis: String, Hashable, Sendable, CaseIterable {
        /// The patient's own professional for the role.
        case declared
        /// The unit that discharges.
        case unit
        /// Whoever accepted a follow-up of this pathway for the role already.
        case circle
        /// The professionals who cover the patient's commune, in the published order.
        case coverage
        /// Nobody: the référent-parcours owns it, for `reason`.
        case none
    }

    /// The `reason` where everybody of the order was asked, and nobody is left.
    public static let everybodyAsked = "everybody-asked"

    /// The `reason` where there are people to ask, and all of them are away.
    public static let nobodyOnDuty = "nobody-on-duty"

    /// Why the first of the order is asked first.
    public let basis: Basis
    /// ``Addressee``, first to be asked first.
    public let order: [String]
    /// How many, from the first on, are asked alone, one after another; the others in waves.
    public let alone: Int
    /// A stable code when the basis is `none`, or when the declared professional could not be asked.
    public let reason: String?
    /// COG code that the address resolved to.
    public let commune: String?
    /// What those of the published order had in hand when it was made.
    public let loads: [CandidateLoad]

    /// - Parameter alone: without it, the first unless they only cover the commune.
    public init(
        basis: Basis,
        order: [String],
        alone: Int? = nil,
        reason: String? = nil,
        commune: String? = nil,
        loads: [CandidateLoad] = []
    ) {
        self.basis = basis
        self.order = order
        self.alone = alone ?? Self.alone(of: basis)
        self.reason = reason
        self.commune = commune
        self.loads = loads
    }

    static func alone(of basis: Basis) -> Int {
        switch basis {
        case .declared, .unit, .circle: 1
        case .coverage, .none: 0
        }
    }

    /// The same order, in which nobody is left to ask.
    func exhausted(_ reason: String) -> Assignment {
        Assignment(basis: .none, order: order, alone: alone, reason: reason, commune: commune, loads: loads)
    }

    init(from json: JSONObject) throws(CodecError) {
        basis = try json.word("basis")
        order = try json.strings("order")
        alone = try json.int("alone")
        reason = try json.optionalString("reason")
        commune = try json.optionalString("commune")
        loads = try json.objects("loads") { (object) throws(CodecError) in try CandidateLoad(from: object) }
    }

    func write(to json: inout JSONWriter) {
        json.write("basis", basis)
        json.write("order", order)
        json.write("alone", alone)
        json.write("reason", reason)
        json.write("commune", commune)
        json.write("loads", loads) { $1.write(to: &$0) }
    }
}
