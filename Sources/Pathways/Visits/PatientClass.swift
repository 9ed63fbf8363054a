/// PV1-2 in France: in which class a patient is in hospital (PAM France §6, table 0004).
public enum PatientClass: String, Hashable, Sendable, CaseIterable {
    case emergency = "E"
    case inpatient = "I"
    /// Partial hospitalisation, séances.
    case recurring = "R"
    case outpatient = "O"
    case notApplicable = "N"
    /// Télésurveillance.
    case remote = "V"
}
