/// Why an address was not resolved to a commune of the territory.
public struct ResolutionReason: Sendable, Hashable, CustomStringConvertible {
    private enum Reason: String, CaseIterable {
        case abroad
        case codeOutside = "code-outside"
        case postalCodeOutside = "postal-code-outside"
        case addressMissing = "address-missing"
        case postalCodeMissing = "postal-code-missing"
        case postalCodeMalformed = "postal-code-malformed"
        case cityMissing = "city-missing"
        case cityUnknown = "city-unknown-for-postal-code"
        case codesDisagree = "postal-code-and-city-disagree"
        case ambiguous = "several-communes"
    }

    private let reason: Reason

    /// Outside: the geographic code is that of a foreign country.
    public static let abroad = ResolutionReason(reason: .abroad)
    /// Outside: the geographic code is none of the territory's.
    public static let codeOutside = ResolutionReason(reason: .codeOutside)
    /// Outside: the postal code is none of the territory's.
    public static let postalCodeOutside = ResolutionReason(reason: .postalCodeOutside)
    /// There is no address.
    public static let addressMissing = ResolutionReason(reason: .addressMissing)
    /// There is a city without postal code: communes far apart share names.
    public static let postalCodeMissing = ResolutionReason(reason: .postalCodeMissing)
    /// The postal code does not have five digits.
    public static let postalCodeMalformed = ResolutionReason(reason: .postalCodeMalformed)
    /// The postal code serves several communes, perhaps outside the territory, and there is no city.
    public static let cityMissing = ResolutionReason(reason: .cityMissing)
    /// The postal code is the territory's but the city none of its communes: a hamlet, or a neighbour that shares the code.
    public static let cityUnknown = ResolutionReason(reason: .cityUnknown)
    /// The city is the territory's but the postal code is not.
    public static let codesDisagree = ResolutionReason(reason: .codesDisagree)
    /// Several communes answer to that postal code and name.
    public static let ambiguous = ResolutionReason(reason: .ambiguous)

    public static var allCases: [ResolutionReason] { Reason.allCases.map(ResolutionReason.init(reason:)) }

    /// The stable code, as in events.
    public var code: String { reason.rawValue }

    /// The reason of that code.
    public init?(code: String) {
        guard let reason = Reason(rawValue: code) else { return nil }
        self.reason = reason
    }

    /// What is shown to the référent-parcours. Says nothing of the address itself.
    public var frenchText: String {
        switch reason {
        case .abroad: "L’adresse est à l’étranger."
        case .codeOutside: "La commune de l’adresse n’est pas dans le territoire."
        case .postalCodeOutside: "Le code postal n’est pas celui d’une commune du territoire."
        case .addressMissing: "L’adresse manque."
        case .postalCodeMissing: "Le code postal manque : le nom de la commune ne suffit pas."
        case .postalCodeMalformed: "Le code postal n’a pas cinq chiffres."
        case .cityMissing: "Le nom de la commune manque : le code postal ne suffit pas."
        case .cityUnknown: "Le nom de la commune n’est pas connu pour ce code postal."
        case .codesDisagree: "Le code postal et le nom de la commune ne vont pas ensemble."
        case .ambiguous: "Plusieurs communes répondent à ce code postal et à ce nom."
        }
    }

    public var description: String { code }

    private init(reason: Reason) {
        self.reason = reason
    }
}
