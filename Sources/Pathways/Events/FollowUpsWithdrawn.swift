/// The pathway itself ends follow-ups, with a reason, and says who must be told: whoever had accepted or was being asked. Never silent.
public struct FollowUpsWithdrawn: EventBody {
    public struct Withdrawal: Hashable, Sendable {
        public let followUp: String
        public let reason: WithdrawalReason
        /// RPPS of those who are told.
        public let told: [String]

        public init(followUp: String, reason: WithdrawalReason, told: [String]) {
            self.followUp = followUp
            self.reason = reason
            self.told = told
        }

        init(from json: JSONObject) throws(CodecError) {
            followUp = try json.string("followUp")
            reason = try json.word("reason")
            told = try json.strings("told")
        }

        func write(to json: inout JSONWriter) {
            json.write("followUp", followUp)
            json.write("reason", reason)
            json.write("told", told)
        }
    }

    public static let type = "fr.relais.pathway.follow-ups-withdrawn.v1"
    public let withdrawals: [Withdrawal]

    public init(withdrawals: [Withdrawal]) { self.withdrawals = withdrawals }

    public init(from json: JSONObject) throws(CodecError) {
        withdrawals = try json.objects("withdrawals") { (object) throws(CodecError) in try Withdrawal(from: object) }
    }

    public func write(to json: inout JSONWriter) { json.write("withdrawals", withdrawals) { $1.write(to: &$0) } }
}
