/// Which commune of the territory an address lies in.
public enum CommuneResolution: Sendable, Hashable {
    /// In this commune; and what the answer rests on.
    case resolved(Commune, by: ResolutionBasis)
    /// Not in the territory, certainly.
    case outside(ResolutionReason)
    /// It cannot be told: the référent-parcours must look, with the reason.
    case unresolved(ResolutionReason)
}
