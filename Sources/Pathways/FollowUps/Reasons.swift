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
    /// The patient refuses.
    case refused
    /// PRADO books it.
    case prado
    /// It prepared a discharge, and the patient has left.
    case discharged
    /// What asked for it was set right: a prescription that was missing has come.
    case resolved
    /// The référent-parcours closed the pathway: somebody outside this territory's professionals goes on with it.
    case followedElsewhere
}

/// Which deadline of a follow-up passed.
public enum EscalationReason: String, Hashable, Sendable, CaseIterable {
    /// Its window ends soon.
    case dueSoon
    /// Its window has ended.
    case overdue
    /// It has waited on hold for long.
    case heldForLong
}

/// Why a pathway is closed.
public enum ClosingReason: String, Hashable, Sendable, CaseIterable {
    /// All was done.
    case goalReached
    /// Nothing has happened for long, and nothing is pending.
    case timeOut
    case refusal
    case deceased
    /// Somebody else goes on with it, outside this territory's professionals.
    case followedElsewhere
    case other
}

/// What a professional sees at the bedside that the protocol watches for. No diagnosis: what to do is for whoever is called.
public enum AlertSign: String, Hashable, Sendable, CaseIterable {
    case weightGain
    case breathlessness
    case fever
    case pain
    case wound
    case bleeding
    case confusion
    case fall
    case treatmentTrouble
    case other
}

/// Whom somebody who reports an alert sign has called already.
public enum EmergencyContact: String, Hashable, Sendable, CaseIterable {
    case attendingGP
    /// Service d'accès aux soins.
    case sas
    /// SAMU, 15.
    case samu
    case hospitalUnit
}

/// How it is known that the patient is at home.
public enum HomeReturnEvidence: String, Hashable, Sendable, CaseIterable {
    case visit
    case phoneCallPatient
    case phoneCallFamily
    case seenByProfessional
    case hospitalTransport
}
