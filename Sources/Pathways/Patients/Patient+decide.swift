extension Patient {
    /// - Returns: nothing when all that it says was said since, or in the same message. What merely repeats is recorded: an older statement
    ///   that comes late must not win over it (I5).
    public func decide(_ statement: PatientIdentified) -> PatientIdentified? {
        let said = statements.reduce(into: PatientIdentity.Members()) { said, known in
            if statement.statement <= known.statement { said.formUnion(known.identity.members) }
        }
        return statement.identity.members.isSubset(of: said) ? nil : statement
    }

    /// Whether an identity says nothing but what was stated, whoever said it and when. For people, who type again what they do not see;
    /// between messages of a feed the order of statements decides.
    public func agrees(with identity: PatientIdentity) -> Bool { stated.map { $0.overlaid(by: identity) == $0 } ?? false }

    /// Whether a wanted event is to be recorded.
    ///
    /// - Returns: nothing when it changes nothing.
    /// - Throws: `Rejection` when nothing is known of the patient, or nothing is corrected, or nothing is merged.
    public func decide(_ wanted: PatientEvent) throws(Rejection) -> PatientEvent? {
        switch wanted {
        case .identified(let statement): return decide(statement).map(PatientEvent.identified)
        case .visitRegistered(let visit):
            guard let known = self.visit(visit.pathwayStream) else { return wanted }
            // The account may become known later than the visit.
            return known.account == nil && visit.account != nil ? wanted : nil
        case .dossierMoved(let body):
            try checkAreTwo(body.from, body.to)
            return movedDossiers.contains(body) ? nil : wanted
        case .patientsMerged(let body):
            try checkAreTwo(body.retired, body.survivor)
            return linkChanges.contains(.merged(body)) ? nil : wanted
        case .mergeUndone(let body):
            return linkChanges.contains(.undone(body)) ? nil : wanted
        case .oppositionRecorded:
            try checkIsKnown()
            return isOpposed ? nil : wanted
        case .oppositionLifted:
            try checkIsKnown()
            return isOpposed ? wanted : nil
        case .consentRecorded(let body):
            try checkIsKnown()
            return consents.contains { $0.basis == body.basis && $0.noticeVersion == body.noticeVersion } ? nil : wanted
        case .consentWithdrawn(let body):
            try checkIsKnown()
            return consents.contains { $0.basis == body.basis } ? wanted : nil
        case .identityCorrected(let body):
            try checkIsKnown()
            guard !body.correction.isEmpty else {
                throw Rejection(.nothingToCorrect, "a correction names at least one member of the identity")
            }
            // The same value as stated is still worth recording: from here on the feed cannot change it.
            return corrections.last?.correction == body.correction ? nil : wanted
        }
    }

    private func checkIsKnown() throws(Rejection) {
        guard identity != nil else { throw Rejection(.unknownPatient, "nothing is known of this patient; check the id") }
    }

    private func checkAreTwo(_ one: PatientLink, _ other: PatientLink) throws(Rejection) {
        guard one.stream != other.stream else { throw Rejection(.samePatient, "both numbers (PID-3, MRG-1) are the same; name two patients") }
    }
}
