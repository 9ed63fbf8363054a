extension EventUpcaster {
    /// One step for each type that was released and is written no more.
    static let released = [
        // Only the discharge planned, with or without a home return; waves were of three, and nobody more was told.
        EventUpcaster(from: "fr.relais.pathway.follow-ups-planned.v1", to: FollowUpsPlanned.type) { body throws(CodecError) in
            try body.mapping("followUps", planned)
        },
        EventUpcaster(from: "fr.relais.pathway.offers-made.v1", to: OffersMade.type) { body throws(CodecError) in
            try body.mapping("solicitations") { (solicitation) throws(CodecError) in
                guard let assignment = solicitation["assignment"], case .string(let word)? = assignment["basis"] else {
                    throw CodecError(path: "$.solicitations.assignment.basis", problem: "is missing")
                }
                var assigned = assignment
                assigned["alone"] = .number(String(Assignment.Basis(rawValue: word).map(Assignment.alone) ?? 0))
                var next = solicitation
                next["assignment"] = assigned
                return next
            }
        },
        // Nobody accepted or declined for a team.
        EventUpcaster(from: "fr.relais.pathway.follow-up-accepted.v1", to: FollowUpAccepted.type) { $0 },
        EventUpcaster(from: "fr.relais.pathway.follow-up-declined.v1", to: FollowUpDeclined.type) { $0 },
    ]

    private static func planned(_ followUp: JSONValue) throws(CodecError) -> JSONValue {
        guard case .number(let minutes)? = followUp["answerWithin"] else {
            throw CodecError(path: "$.followUps.answerWithin", problem: "is missing")
        }
        var next = followUp
        let trigger: RuleTrigger = followUp["homeReturnMissing"] == .bool(true) ? .homeReturnMissing : .discharge
        next["homeReturnMissing"] = nil
        next["trigger"] = .string(trigger.rawValue)
        next["solicitation"] = .object([
            JSONValue.Member("aloneMinutes", .number(minutes)), JSONValue.Member("waveSize", .number("3")),
            JSONValue.Member("waveMinutes", .number(minutes)),
        ])
        next["escalation"] = .array(
            EscalationStep.standard.map { step in
                .object([
                    JSONValue.Member("afterDueMinutes", .number(String(step.afterDueMinutes))),
                    JSONValue.Member("target", .string(step.target.rawValue)),
                ])
            }
        )
        return next
    }
}

extension JSONValue {
    /// The same object with each element of one of its lists changed. An absent list is an empty one.
    fileprivate func mapping(_ name: String, _ change: (JSONValue) throws(CodecError) -> JSONValue) throws(CodecError) -> JSONValue {
        guard case .array(let elements)? = self[name] else { return self }
        var changed: [JSONValue] = []
        for element in elements { changed.append(try change(element)) }
        var next = self
        next[name] = .array(changed)
        return next
    }
}
