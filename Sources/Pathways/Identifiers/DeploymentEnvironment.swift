/// Which world an installation serves: made-up patients or real ones. The two never mix.
public enum DeploymentEnvironment: String, Sendable, Hashable, CaseIterable {
    /// Rehearsal, training, demonstration: test and demonstration identities only.
    case test
    /// Real patients: identities of the production registers only.
    case production
}
