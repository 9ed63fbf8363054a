import EventStore
import Pathways
import Timekeeping

/// All questions of history with what came of them: to be told again where the same is asked, to be drawn from where something else is.
struct AnswerBook: Sendable {
    struct Found: Sendable {
        /// Nil if none came.
        let answer: Answer?
        /// Milliseconds for which none came.
        let waited: Int64
        /// The log ended first: nobody knows more.
        let endsWithLog: Bool
    }

    /// Fewer answers than these say too little of one professional, one rule or one hour: those of more people are drawn from.
    private static let enough = 20

    private var found: [Question: Found] = [:]
    private var pools: [String: AnswerPool] = [:]

    subscript(question: Question) -> Found? { found[question] }

    mutating func note(_ asked: Asked, _ answer: Answer) {
        found[asked.question] = Found(answer: answer, waited: answer.delay, endsWithLog: false)
        for key in Self.keys(of: asked) { pools[key, default: AnswerPool()].add(answer) }
    }

    mutating func note(_ asked: Asked, unansweredUntil instant: Instant, endsWithLog: Bool) {
        let waited = instant.milliseconds(since: asked.base)
        found[asked.question] = Found(answer: nil, waited: waited, endsWithLog: endsWithLog)
        for key in Self.keys(of: asked) { pools[key, default: AnswerPool()].add(unansweredFor: waited) }
    }

    mutating func sort() { for key in pools.keys { pools[key]?.sort() } }

    /// An answer from the most particular pool that says enough; nil = silence.
    func draw(for asked: Asked, laterThan time: Int64?, using random: inout SplitMix64) -> Answer? {
        let keys = Self.keys(of: asked).filter { pools[$0] != nil }
        guard let key = keys.first(where: { (pools[$0]?.count ?? 0) >= Self.enough }) ?? keys.last else { return nil }
        return pools[key]?.draw(laterThan: time, using: &random)
    }

    /// Of whom answers may be drawn, the most particular first.
    private static func keys(of asked: Asked) -> [String] {
        let (who, role) = (asked.question.who, asked.role.rawValue)
        let kind = asked.question.kind.rawValue
        switch asked.question.kind {
        case .offer:
            let isTeam = if case .team = Addressee(rawValue: who) { true } else { false }
            let kind = isTeam ? "\(kind)-team" : kind
            let hour = hour(asked.base)
            let (own, likes) = ("\(kind)/of/\(who)", "\(kind)/role/\(role)")
            return ["\(own)/\(hour)", own, "\(likes)/\(hour)", likes, "\(kind)/\(hour)", kind]
        case .work: return ["\(kind)/rule/\(asked.rule)", "\(kind)/role/\(role)", kind]
        case .nobodyLeft, .notice: return ["\(kind)/role/\(role)", kind]
        }
    }

    /// Who is asked at night answers in the morning: delays are of the part of the day in which one is asked.
    private static func hour(_ instant: Instant) -> String {
        let reading = ParisTime.reading(instant)
        if reading.weekday > 4 { return "weekend" }
        switch reading.minute / 60 {
        case 7..<13: return "morning"
        case 13..<19: return "afternoon"
        default: return "night"
        }
    }
}
