/// A commune of the territory.
public struct Commune: Sendable, Hashable {
    public let code: CommuneCode
    /// With its article, as inhabitants write it.
    public let name: String
    /// Other spellings and former communes that an address may carry.
    public let nameVariants: [String]
    public let postalCodes: [String]
    /// Inhabitants.
    public let population: Int
    /// Degrees north, WGS 84.
    public let latitude: Double?
    /// Degrees east, WGS 84.
    public let longitude: Double?

    public init(
        code: CommuneCode,
        name: String,
        nameVariants: [String] = [],
        postalCodes: [String],
        population: Int,
        latitude: Double? = nil,
        longitude: Double? = nil
    ) {
        self.code = code
        self.name = name
        self.nameVariants = nameVariants
        self.postalCodes = postalCodes
        self.population = population
        self.latitude = latitude
        self.longitude = longitude
    }
}
