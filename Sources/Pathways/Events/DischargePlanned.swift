public import Timekeeping

/// A word of the ward: the patient is to leave on a day. What the hospital's system announces (A16) is a `DischargeAnnounced`.
public struct DischargePlanned: EventBody {
    public static let type = "fr.relais.pathway.discharge-planned.v1"
    public let plannedAt: Instant
    public let by: Attribution?

    public init(plannedAt: Instant, by: Attribution?) {
        self.plannedAt = plannedAt
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        plannedAt = try json.instant("plannedAt")
        by = try json.optionalObject("by").map { (object) throws(CodecError) in try Attribution(from: object) }
    }

    public func write(to json: inout JSONWriter) {
        json.write("plannedAt", plannedAt)
        if let by { json.write("by", object: by.write) }
    }
}
