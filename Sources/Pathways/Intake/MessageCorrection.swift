/// One field of a quarantined message, as a person put it right.
public struct MessageCorrection: Hashable, Sendable {
    /// Where, as HL7 writes it: `PV1-19`, `ZBE-4`, `PID-3(2).1`.
    public let location: String
    /// What stands there now, in ER7 with the delimiters of the message; empty to clear the field.
    public let value: String

    public init(location: String, value: String) {
        self.location = location
        self.value = value
    }

    init(from json: JSONObject) throws(CodecError) {
        location = try json.string("location")
        value = try json.string("value")
    }

    func write(to json: inout JSONWriter) {
        json.write("location", location)
        json.write("value", value)
    }
}
