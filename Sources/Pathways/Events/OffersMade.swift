public import Timekeeping

/// Professionals are asked for follow-ups, with what the planner weighed: the order, the commune, the version of the directory.
/// A follow-up with nobody to ask is named too, with the reason: the référent-parcours owns it.
public struct OffersMade: EventBody {
    public struct Solicitation: Hashable, Sendable {
        public let followUp: String
        public let wave: Int
        /// ``Addressee`` of those who are asked now; empty where nobody is left to ask.
        public let to: [String]
        public let until: Instant
        public let assignment: Assignment

        public init(followUp: String, wave: Int, to: [String], until: Instant, assignment: Assignment) {
            self.followUp = followUp
            self.wave = wave
            self.to = to
            self.until = until
            self.assignment = assignment
        }

        init(from json: JSONObject) throws(CodecError) {
            followUp = try json.string("followUp")
            wave = try json.int("wave")
            to = try json.strings("to")
            until = try json.instant("until")
            assignment = try Assignment(from: try json.object("assignment"))
        }

        func write(to json: inout JSONWriter) {
            json.write("followUp", followUp)
            json.write("wave", wave)
            json.write("to", to)
            json.write("until", until)
            json.write("assignment", object: assignment.write)
        }
    }

    public static let type = "fr.relais.pathway.offers-made.v2"
    public let at: Instant
    public let solicitations: [Solicitation]
    /// Version of the territory stream up to which the directory was read.
    public let directoryVersion: Int64
    /// Position of the log up to which the loads were counted; nil if none were.
    public let loadPosition: Int64?

    public init(at: Instant, solicitations: [Solicitation], directoryVersion: Int64, loadPosition: Int64? = nil) {
        self.at = at
        self.solicitations = solicitations
        self.directoryVersion = directoryVersion
        self.loadPosition = loadPosition
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        solicitations = try json.objects("solicitations") { (object) throws(CodecError) in try Solicitation(from: object) }
        directoryVersion = try json.integer("directoryVersion")
        loadPosition = try json.optionalInteger("loadPosition")
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("solicitations", solicitations) { $1.write(to: &$0) }
        json.write("directoryVersion", directoryVersion)
        json.write("loadPosition", loadPosition)
    }
}
