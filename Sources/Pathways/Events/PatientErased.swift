/// A patient's data keys were destroyed: what they sealed can be read by nobody any more, while every hash and proof holds.
///
/// It stands in clear in the territory's register of erasures, and names the keys, so that a restored older copy of the key store obeys it
/// too. Holds nothing about the patient: stream and key ids reveal nothing.
public struct PatientErased: EventBody {
    /// On what ground (GDPR art. 17 and its limits; health-domain §E).
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// The legal term of keeping is over.
        case retentionEnded
        /// The person asked, and no legal duty to keep stands against it.
        case requestOfPatient
        /// What was recorded concerned nobody, or should never have been.
        case recordedInError
        /// A court or the supervisory authority ordered it.
        case order
    }

    public static let type = "fr.relais.erasure.patient-erased.v1"
    public let reason: Reason
    /// Ids of the destroyed keys.
    public let keys: [String]
    /// The streams that they sealed: the patient's, their aliases', their pathways'.
    public let streams: [String]

    public init(reason: Reason, keys: [String], streams: [String]) {
        self.reason = reason
        self.keys = keys
        self.streams = streams
    }

    public init(from json: JSONObject) throws(CodecError) {
        reason = try json.word("reason")
        keys = try json.strings("keys")
        streams = try json.strings("streams")
    }

    public func write(to json: inout JSONWriter) {
        json.write("reason", reason)
        json.write("keys", keys)
        json.write("streams", streams)
    }
}
