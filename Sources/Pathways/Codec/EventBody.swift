/// What an event says, apart from its envelope. The only way an event is written to, or read from, the log's bytes.
///
/// A released body is never changed: a new shape is a new type ending in `.v2`, with an upcaster from `.v1`.
public protocol EventBody: Sendable, Hashable {
    /// The CloudEvents `type`, such as `fr.relais.pathway.patient-discharged.v1`. Its schema is
    /// `schemas/events/pathway.patient-discharged.v1.schema.json`.
    static var type: String { get }
    /// - Throws: `CodecError` naming the member that is missing or malformed.
    init(from json: JSONObject) throws(CodecError)
    func write(to json: inout JSONWriter)
}

extension EventBody {
    /// The canonical JSON of this body.
    public var payload: [UInt8] { JSONWriter.object { write(to: &$0) } }

    public init(payload: [UInt8]) throws(CodecError) {
        try self.init(from: try JSONDocument(payload).object())
    }
}
