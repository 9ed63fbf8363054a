/// What this stream said of a patient was erased: the key of its earlier events is destroyed. Recorded in the stream itself, in
/// clear, so that everything made from the stream is dropped wherever it is followed.
public struct StreamErased: EventBody {
    public static let type = "fr.relais.erasure.stream-erased.v1"
    /// Id of the event in the register of erasures, which says on whose word and why.
    public let erasure: String

    public init(erasure: String) {
        self.erasure = erasure
    }

    public init(from json: JSONObject) throws(CodecError) {
        erasure = try json.string("erasure")
    }

    public func write(to json: inout JSONWriter) {
        json.write("erasure", erasure)
    }
}
