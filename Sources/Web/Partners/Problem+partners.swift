import Hummingbird

extension Problem {
    static let unknownPartner = Problem(
        .unauthorized,
        "unknown-partner",
        "This partner is not known",
        "Name yourself in the header relais_partner as the territory's policy does."
    )

    static func unsigned(_ detail: String) -> Problem {
        Problem(.unauthorized, "signature-invalid", "Who sent this is not certain", "\(detail) Sign as Standard Webhooks 1.0.0 says.")
    }

    static func notInPolicy(_ detail: String) -> Problem {
        Problem(.forbidden, "not-in-policy", "This partner may not ask for that", "\(detail) The territory's policy says what a partner may.")
    }

    static let operationNotAllowed = Problem(
        .forbidden,
        "operation-not-allowed",
        "This cannot be asked for here",
        "path must be a write about a follow-up or a pathway that schemas/asyncapi.yaml lists, without a query."
    )

    static let unsupportedType = Problem(
        .unsupportedMediaType,
        "content-type",
        "Records of this type are not taken",
        "Set the header content-type to application/hl7-v2 or application/json."
    )

    static let badReplyTo = Problem(
        .badRequest,
        "reply-to",
        "The answer cannot go there",
        "reply-to may name the territory's topic of answers, or your own below it; without it the answer goes to the first."
    )

    static func unreadable(_ detail: String) -> Problem { Problem(.badRequest, "record-unreadable", "The record cannot be read", detail) }
}
