import Hummingbird
import Intake

extension Problem {
    static func malformed(parameter name: String, _ expected: String) -> Problem {
        Problem(.badRequest, "malformed-parameter", "A parameter cannot be read", "\(name) \(expected)")
    }

    static func malformed(member name: String, _ expected: String) -> Problem {
        Problem(.unprocessableContent, "invalid-member", "A member of the body is not acceptable", "\(name) \(expected)")
    }

    static let missingKey = Problem(
        .badRequest,
        "idempotency-key-missing",
        "A write needs an Idempotency-Key",
        "Send an Idempotency-Key header of 1 to 200 visible characters, new for each intention: sent again with the same body it gets the same "
            + "answer and changes nothing twice."
    )

    static let missingActor = Problem(
        .unauthorized,
        "actor-missing",
        "A write names its actor",
        "Send Relais-Actor: urn:rpps:… with the RPPS of somebody in the directory."
    )

    static let notFound = Problem(.notFound, "not-found", "There is nothing here", "Check the path and the method; schemas/openapi.yaml lists them.")

    static let unknownPathway = Problem(.notFound, "unknown-pathway", "This pathway is not known", "Nothing is recorded under this id up to there.")

    static let unknownFollowUp = Problem(
        .notFound,
        "unknown-follow-up",
        "This follow-up is not known",
        "No pathway has a follow-up of this id; just after a write, wait with min-position."
    )

    static let notInTheList = Problem(
        .notFound,
        "not-in-the-list",
        "This follow-up is not in that list",
        "No follow-up of this id is in the list of the professional that `for` names, there; leave `for` out for whoever answers for it."
    )

    static let unknownReport = Problem(
        .notFound,
        "unknown-report",
        "This report is not known",
        "The pathway has no report of this id; name it as reporting answered."
    )

    static let unknownPatient = Problem(
        .notFound,
        "unknown-patient",
        "This patient is not known",
        "Nothing is held under this number, or it was erased before."
    )

    static let unknownMessage = Problem(
        .notFound,
        "unknown-message",
        "This message is not known",
        "No message of this id was ever in quarantine, or it was erased; just after it came, wait with min-position."
    )

    /// - Parameter faults: what is wrong with the message as corrected.
    static func stillFaulty(_ faults: [IntakeFault]) -> Problem {
        var problem = Problem(
            .unprocessableContent,
            "still-faulty",
            "The message cannot be used yet",
            "\(faults.count) fault(s), each with its place; nothing was recorded. Correct these too, or publish a site profile."
        )
        problem.messageFaults = faults
        return problem
    }

    static let notParked = Problem(
        .notFound,
        "not-parked",
        "Nothing is parked under this id",
        "See: relais followers parked. What was done meanwhile is parked no more."
    )

    static let referentOnly = Problem(
        .forbidden,
        "referent-only",
        "This is for the référent-parcours",
        "Name the référent-parcours of the territory in Relais-Actor."
    )

    static let crossSite = Problem(
        .forbidden,
        "cross-site-request",
        "Requests from other sites are refused",
        "A browser says that another site made this request."
    )

    static let foreignHost = Problem(
        .misdirectedRequest,
        "foreign-host",
        "This server answers to its own names only",
        "The Host header must be localhost, 127.0.0.1 or [::1]: a name that another site controls could read everything."
    )

    static let tooLarge = Problem(.contentTooLarge, "body-too-large", "The body is too large", "See schemas/openapi.yaml for the limits.")

    static let unexpected = Problem(
        .internalServerError,
        "unexpected",
        "Something went wrong here",
        "Nothing was acknowledged; the log of the server tells more under this instance."
    )
}
