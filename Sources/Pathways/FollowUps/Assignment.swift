/// Whom the planner asks for a follow-up, in which order, and why: what it weighed is kept in the event it causes.
public struct Assignment: Hashable, Sendable {
    public enum Basis: String, Hashable, Sendable, CaseIterable {
        /// The patient's own professional for the role.
        case declared
        /// The unit that discharges.
        case unit
        /// The professionals who cover the patient's commune, in the published order.
        case coverage
        /// Nobody: the référent-parcours owns it, for `reason`.
        case none
    }

    public let basis: Basis
    /// RPPS numbers, first to be asked first.
    public let order: [String]
    /// A stable code when the basis is `none`, or when the declared professional could not be asked.
    public let reason: String?
    /// COG code that the address resolved to.
    public let commune: String?

    public init(basis: Basis, order: [String], reason: String? = nil, commune: String? = nil) {
        self.basis = basis
        self.order = order
        self.reason = reason
        self.commune = commune
    }

    init(from json: JSONObject) throws(CodecError) {
        basis = try json.word("basis")
        order = try json.strings("order")
        reason = try json.optionalString("reason")
        commune = try json.optionalString("commune")
    }

    func write(to json: inout JSONWriter) {
        json.write("basis", basis)
        json.write("order", order)
        json.write("reason", reason)
        json.write("commune", commune)
    }
}
