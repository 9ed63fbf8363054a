/// For whom a message that names a number is taken: what merges (A40) and moved dossiers (A44) say of that number.
public struct Claimant: Hashable, Sendable {
    /// Whose the visit is if it is of the number named.
    public let patient: PatientLink
    /// Stream id of the number under which that person goes on: the same for all of their numbers.
    public let person: String
    /// The message that moved the dossier; nil if `patient` is the number named.
    public let movedBy: Statement?

    public init(patient: PatientLink, person: String, movedBy: Statement? = nil) {
        self.patient = patient
        self.person = person
        self.movedBy = movedBy
    }
}
