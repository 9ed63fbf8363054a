/// What a patient opposes.
public enum OppositionBasis: String, Hashable, Sendable, CaseIterable {
    /// The exchange and sharing of information between professionals (CSP art. L1110-4).
    case sharing
    /// The processing of their data (GDPR art. 21).
    case processing
}

/// Why an identity was corrected.
public enum CorrectionReason: String, Hashable, Sendable, CaseIterable {
    case typingError
    /// Civil status changed, or was recorded wrongly.
    case civilStatus
    /// Data of somebody else.
    case otherPerson
    /// At the patient's request.
    case patientRequest
    case other
}

/// Why a note was taken back.
public enum RetractionReason: String, Hashable, Sendable, CaseIterable {
    /// It speaks of somebody else.
    case otherPatient
    /// What it says is wrong.
    case mistaken
    /// It says more than is needed for the care.
    case excessive
    case patientRequest
    case other
}
