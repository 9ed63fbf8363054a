/// Why a professional declines, from a short list: one tap, no justification asked.
public enum DeclineReason: String, Hashable, Sendable, CaseIterable {
    case noCapacity
    case absent
    case outsideSector
    case notMyField
    case patientUnknown
    case other
}

/// What came of a follow-up that was done.
public enum FollowUpOutcome: String, Hashable, Sendable, CaseIterable {
    case done
    /// The patient was not there; another way was found or the référent-parcours told.
    case patientAbsent
    case patientRefused
    /// Somebody else had already done it.
    case alreadyDone
}

/// Why the pathway itself ended follow-ups that nobody had finished.
public enum WithdrawalReason: String, Hashable, Sendable, CaseIterable {
    /// A13.
    case dischargeCancelled
    /// A11.
    case admissionCancelled
    /// The hospital stated another destination, date or movement for the discharge.
    case dischargeChanged
    /// A rule of a more specific protocol covers it.
    case superseded
    /// The patient is back in hospital.
    case readmitted
    case deceased
    /// The patient lives in another territory, which goes on with the pathway.
    case moved
}

/// How it is known that the patient is at home.
public enum HomeReturnEvidence: String, Hashable, Sendable, CaseIterable {
    case visit
    case phoneCallPatient
    case phoneCallFamily
    case seenByProfessional
    case hospitalTransport
}
