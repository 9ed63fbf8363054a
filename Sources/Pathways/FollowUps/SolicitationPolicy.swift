/// How professionals are asked for a follow-up: data of its protocol, kept in the plan.
///
/// Who is asked alone (the patient's own professional, the discharging unit, whoever already takes part in this pathway for the role) comes
/// first; then small waves in the published order, so that nobody wins by the first click and nobody is flooded.
public struct SolicitationPolicy: Hashable, Sendable {
    /// Minutes that whoever is asked alone has to answer.
    public let aloneMinutes: Int
    /// How many are asked at a time afterwards.
    public let waveSize: Int
    /// Minutes that a wave has to answer.
    public let waveMinutes: Int

    public init(aloneMinutes: Int, waveSize: Int, waveMinutes: Int) {
        self.aloneMinutes = aloneMinutes
        self.waveSize = waveSize
        self.waveMinutes = waveMinutes
    }

    /// What a rule has that says nothing but how long an offer waits.
    public static func standard(answerWithinMinutes: Int) -> SolicitationPolicy {
        SolicitationPolicy(aloneMinutes: answerWithinMinutes, waveSize: 3, waveMinutes: answerWithinMinutes)
    }

    init(from json: JSONObject) throws(CodecError) {
        aloneMinutes = try json.int("aloneMinutes")
        waveSize = try json.int("waveSize")
        waveMinutes = try json.int("waveMinutes")
    }

    func write(to json: inout JSONWriter) {
        json.write("aloneMinutes", aloneMinutes)
        json.write("waveSize", waveSize)
        json.write("waveMinutes", waveMinutes)
    }
}
