/// What the resolution of an address rests on, strongest first.
public enum ResolutionBasis: String, Sendable, Hashable, CaseIterable {
    /// The geographic code.
    case cog
    /// The postal code and the commune's name.
    case postalCodeAndName = "postal-code-and-name"
    /// The commune's name and département, the postal code being a CEDEX.
    case cedexName = "cedex-name"
    /// A postal code that serves a single commune, the name being absent.
    case onlyCommuneOfPostalCode = "only-commune-of-postal-code"
}
