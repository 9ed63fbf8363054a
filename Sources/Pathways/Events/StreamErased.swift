/// What this stream said of a patient was erased: the key of its earlier events is destroyed. Recorded in the stream itself, in
/// clear, so that everything made from the stream is dropped wherever it is followed.
public struct StreamErased: EventBody {
    public static let type = "fr.relais.erasure.stream-erased.v1"
    /// Id of the event in the register of erasures, which says on whose word and why.
    public let erasure: String
    /// Of a pathway's stream: how often the pathway had changed territory. The number goes on from here, so that of two territories that
    /// know the visit the one that holds it still is the one with the greater number. 0 for any other stream.
    public let handOvers: Int

    public init(erasure: String, handOvers: Int = 0) {
        self.erasure = erasure
        self.handOvers = handOvers
    }

    public init(from json: JSONObject) throws(CodecError) {
        erasure = try json.string("erasure")
        handOvers = Int(clamping: try json.optionalInteger("handOvers") ?? 0)
    }

    public func write(to json: inout JSONWriter) {
        json.write("erasure", erasure)
        if handOvers > 0 { json.write("handOvers", handOvers) }
    }
}
