/// How much somebody had in hand when the planner weighed whom to ask.
public struct CandidateLoad: Hashable, Sendable {
    /// ``Addressee``.
    public let who: String
    /// Follow-ups accepted and not ended, in all pathways of the territory; of a team, the mean of its members, rounded up.
    public let inHand: Int

    public init(who: String, inHand: Int) {
        self.who = who
        self.inHand = inHand
    }

    init(from json: JSONObject) throws(CodecError) {
        who = try json.string("who")
        inHand = try json.int("inHand")
    }

    func write(to json: inout JSONWriter) {
        json.write("who", who)
        json.write("inHand", inHand)
    }
}
