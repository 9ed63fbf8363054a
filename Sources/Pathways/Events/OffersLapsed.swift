public import Timekeeping

/// The time to answer has passed: the offers of a wave end without an answer, and the next are asked.
/// A fact of the log, because who could still have answered, and who not, is part of the proof of the order of solicitation.
public struct OffersLapsed: EventBody {
    public static let type = "fr.relais.pathway.offers-lapsed.v1"
    /// The deadline that passed.
    public let at: Instant
    public let followUp: String
    public let wave: Int
    /// Those who had not answered (``Addressee``).
    public let to: [String]

    public init(at: Instant, followUp: String, wave: Int, to: [String]) {
        self.at = at
        self.followUp = followUp
        self.wave = wave
        self.to = to
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        followUp = try json.string("followUp")
        wave = try json.int("wave")
        to = try json.strings("to")
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("followUp", followUp)
        json.write("wave", wave)
        json.write("to", to)
    }
}
