/// Who did something, and how sure the product is of it.
public struct Attribution: Hashable, Sendable {
    public enum Assurance: String, Hashable, Sendable {
        /// Named by the caller and found in the directory; no sign-in proved it.
        case asserted
    }

    /// In which capacity they acted.
    public enum Capacity: String, Hashable, Sendable {
        case professional
        /// The référent-parcours, who may act in the place of another.
        case referent
        /// For the hospital's unit.
        case hospital
    }

    public let rpps: String
    public let capacity: Capacity
    public let assurance: Assurance

    public init(rpps: String, capacity: Capacity = .professional, assurance: Assurance = .asserted) {
        self.rpps = rpps
        self.capacity = capacity
        self.assurance = assurance
    }

    /// The form of the envelope's `actor`.
    public var urn: String { "urn:rpps:\(rpps)" }

    init(from json: JSONObject) throws(CodecError) {
        rpps = try json.string("rpps")
        capacity = try json.word("capacity")
        assurance = try json.word("assurance")
    }

    func write(to json: inout JSONWriter) {
        json.write("rpps", rpps)
        json.write("capacity", capacity)
        json.write("assurance", assurance)
    }
}
