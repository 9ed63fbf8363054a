/// What is known of a message from its header and its bytes, whatever became of it. Holds nothing about a patient.
public struct MessageFacts: Hashable, Sendable {
    /// MSH-3 and MSH-4.
    public let application: String
    public let facility: String
    /// MSH-10.
    public let controlID: String
    /// MSH-9.1 and .2, such as `ADT^A01`.
    public let trigger: String
    /// SHA-256 of the frame's bytes, hexadecimal; the bytes are the attachment of the event. Of a frame that is kept in parts, of the part.
    public let digest: String
    public let byteCount: Int
    /// How the bytes were decoded.
    public let charset: String

    public init(
        application: String,
        facility: String,
        controlID: String,
        trigger: String,
        digest: String,
        byteCount: Int,
        charset: String
    ) {
        self.application = application
        self.facility = facility
        self.controlID = controlID
        self.trigger = trigger
        self.digest = digest
        self.byteCount = byteCount
        self.charset = charset
    }

    init(from json: JSONObject) throws(CodecError) {
        application = try json.string("application")
        facility = try json.string("facility")
        controlID = try json.string("controlID")
        trigger = try json.string("trigger")
        digest = try json.string("digest")
        byteCount = try json.int("byteCount")
        charset = try json.string("charset")
    }

    func write(to json: inout JSONWriter) {
        json.write("application", application)
        json.write("facility", facility)
        json.write("controlID", controlID)
        json.write("trigger", trigger)
        json.write("digest", digest)
        json.write("byteCount", byteCount)
        json.write("charset", charset)
    }
}
