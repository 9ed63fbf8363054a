/// A professional chose a follow-up protocol for this pathway; its rules run from the next discharge, or the one in force.
public struct ProtocolApplied: EventBody {
    public static let type = "fr.relais.pathway.protocol-applied.v1"
    public let protocolID: String
    public let version: Int
    public let by: Attribution

    public init(protocolID: String, version: Int, by: Attribution) {
        self.protocolID = protocolID
        self.version = version
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        protocolID = try json.string("protocol")
        version = try json.int("version")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("protocol", protocolID)
        json.write("version", version)
        json.write("by", object: by.write)
    }
}
