public import Timekeeping

/// The time to answer has passed, or those who were asked are not there any more: the offers of a wave end without an answer, and the next are asked.
/// A fact of the log, because who could still have answered, and who not, is part of the proof of the order of solicitation.
public struct OffersLapsed: EventBody {
    public static let type = "fr.relais.pathway.offers-lapsed.v1"
    /// The deadline that passed; for who went away, when it was seen.
    public let at: Instant
    public let followUp: String
    public let wave: Int
    /// Those who had not answered (``Addressee``).
    public let to: [String]
    /// They are away, or have left the directory: their time had not passed, and once back they may be asked again.
    public let away: Bool

    public init(at: Instant, followUp: String, wave: Int, to: [String], away: Bool = false) {
        self.at = at
        self.followUp = followUp
        self.wave = wave
        self.to = to
        self.away = away
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        followUp = try json.string("followUp")
        wave = try json.int("wave")
        to = try json.strings("to")
        away = try json.flag("away")
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("followUp", followUp)
        json.write("wave", wave)
        json.write("to", to)
        json.write("away", flag: away)
    }
}
