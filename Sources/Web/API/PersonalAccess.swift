import Coordination
import Hummingbird
import Pathways

// What is somebody's own: theirs to read and to set, and the référent-parcours's, who may act in their place.

extension Request {
    /// The professional that the path names, for a caller who may read what is theirs.
    ///
    /// - Throws: `IdentifierError`; `Problem` 401, 403, 404; `CallerError`.
    func person(_ context: WebContext, _ services: WebServices) throws -> (rpps: RPPS, caller: Caller) {
        let rpps = try RPPS(try context.parameters.require("rpps"))
        guard let actor = header("relais-actor") else { throw Problem.missingReader }
        let caller = try Caller(urn: actor, in: try services.territory())
        try services.checkOwn(rpps, caller)
        return (rpps, caller)
    }
}

extension WebServices {
    /// - Throws: `Problem` 403 or 404.
    func checkOwn(_ rpps: RPPS, _ caller: Caller) throws {
        guard caller.attribution.rpps == rpps.value || caller.attribution.capacity == .referent else { throw Problem.ownOnly }
        let territory = try territory().territory
        guard let territory, territory.referent.rpps == rpps || territory.professional(rpps) != nil else {
            throw Problem.unknownProfessional
        }
    }
}

extension Problem {
    static let missingReader = Problem(
        .unauthorized,
        "actor-missing",
        "Who asks must be named",
        "Send Relais-Actor: urn:rpps:… with the RPPS of somebody in the directory."
    )

    static let ownOnly = Problem(
        .forbidden,
        "referent-only",
        "This is for the person themselves",
        "Name the person of the path in Relais-Actor, or the référent-parcours of the territory."
    )

    static let unknownProfessional = Problem(
        .notFound,
        "unknown-professional",
        "Nothing like it is in the directory",
        "The directory holds no professional of this RPPS."
    )
}
