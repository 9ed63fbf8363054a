/// A movement or a cancellation whose parent is not known yet (an orphan): kept here, applied when the parent comes.
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
