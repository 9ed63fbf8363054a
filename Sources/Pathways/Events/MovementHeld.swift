/// What a message says of a visit waits: its parent is not known yet (an orphan), or it names another patient than the visit's (a claim). It
/// is applied when the parent comes, or when both turn out to be one person. One that was applied before is taken out of the visit: it turned
/// out to speak of somebody else.
public struct MovementHeld: EventBody {
    public static let type = "fr.relais.pathway.movement-held.v1"
    public let pathway: PathwayReference
    public let report: VisitReport

    public init(pathway: PathwayReference, report: VisitReport) {
        self.pathway = pathway
        self.report = report
    }

    public init(from json: JSONObject) throws(CodecError) {
        pathway = try PathwayReference(from: try json.object("pathway"))
        report = try VisitReport(from: try json.object("report"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("report", object: report.write)
    }
}
