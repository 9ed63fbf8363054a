import Coordination
import EventStore
import Hummingbird
import Intake
import Pathways
import Projections
import Sealing
import Transparency

// What the errors of the other rooms mean over HTTP.

extension Rejection: ProblemConvertible {
    var httpProblem: Problem {
        let status: HTTPResponse.Status
        var title = "The pathway does not allow it"
        switch code {
        case .unknownPathway, .unknownFollowUp, .unknownProtocol, .unknownPatient, .unknownEntry, .unknownReport: status = .notFound
        case .unknownProfessional, .unknownAbsence:
            (status, title) = (.notFound, "Nothing like it is in the directory")
        case .invalidAbsence:
            (status, title) = (.unprocessableContent, "The absence cannot be taken down so")
        case .referentOnly, .notOfTheTeam:
            (status, title) = (.forbidden, "This is for somebody else to do")
        case .unknownMessage:
            (status, title) = (.notFound, "This message is not known")
        case .notQuarantined, .alreadyDecided, .messageErased:
            (status, title) = (.conflict, "There is nothing to decide")
        case .notMerged, .samePatient:
            (status, title) = (.unprocessableContent, "The two numbers are not linked so")
        case .invalidAddress, .unreachableChannel, .writtenTwice, .unknownTemplate, .notMutable:
            (status, title) = (.unprocessableContent, "The channels cannot be set so")
        case .malformedCorrection:
            (status, title) = (.unprocessableContent, "A correction cannot be written")
        case .notOffered, .alreadyAccepted, .notYours, .alreadyClosed, .notDischarged, .notAdmitted, .movementKeyReused, .visitOfAnotherPatient,
            .handedOver, .onHold, .stillPending, .pathwayClosed, .versionPublished:
            status = .conflict
        default: status = .unprocessableContent
        }
        return Problem(status, code.rawValue, title, message)
    }
}

extension CallerError: ProblemConvertible {
    var httpProblem: Problem {
        switch self {
        case .malformed: Problem(.unauthorized, "actor-malformed", "The actor cannot be read", description)
        case .notInDirectory:
            Problem(
                .forbidden,
                "actor-unknown",
                "The actor is not known here",
                "\(description); publish a territory that holds them, or name another"
            )
        case .noDirectory: Problem(.forbidden, "no-territory", "Nobody is known yet", description)
        }
    }
}

extension EventStoreError: ProblemConvertible {
    var httpProblem: Problem {
        switch code {
        case .commandKeyReused:
            Problem(
                .unprocessableContent,
                "idempotency-key-reused",
                "The Idempotency-Key was used for another request",
                "The first request under this key had another body, method or path. Use a new key for a new intention."
            )
        case .storageUnavailable, .diskFull, .closed, .durabilityLowered, .ownedByAnother:
            Problem(
                .serviceUnavailable,
                "storage-unavailable",
                "Nothing can be recorded at the moment",
                "Nothing was acknowledged. Repeat the request under the same Idempotency-Key.",
                retryAfter: 5
            )
        case .notTheWriter:
            Problem(
                .serviceUnavailable,
                "read-only-copy",
                "This server is a copy",
                "Nothing was recorded. Send the request to the server that writes this territory's log.",
                retryAfter: 30
            )
        case .wrongExpectedVersion:
            Problem(.conflict, "changed-meanwhile", "The pathway changed meanwhile", "Read it again and decide again.")
        case .invalidEvent: Problem(.unprocessableContent, "too-much-content", "The request holds too much for one event", "Shorten its texts.")
        default: .unexpected
        }
    }
}

extension CoordinationError: ProblemConvertible {
    var httpProblem: Problem {
        switch self {
        case .tooMuchContention:
            Problem(
                .serviceUnavailable,
                "too-much-contention",
                "Many change this pathway at once",
                "Repeat the request under the same Idempotency-Key.",
                retryAfter: 1
            )
        case .noTerritory: Problem(.serviceUnavailable, "no-territory", "No territory is published", description)
        case .unreadable: .unexpected
        }
    }
}

extension ViewError: ProblemConvertible {
    var httpProblem: Problem {
        switch self {
        case .behind: Problem(.serviceUnavailable, "views-behind", "The views have not come that far yet", description, retryAfter: 1)
        case .beingBuilt: Problem(.serviceUnavailable, "view-being-built", "The view is being built", description, retryAfter: 5)
        case .missing, .storage, .damaged, .busy:
            Problem(
                .serviceUnavailable,
                "views-unavailable",
                "The views cannot be read at the moment",
                "The log is untouched; try again.",
                retryAfter: 5
            )
        case .unknownProjection: Problem(.notFound, "unknown-projection", "There is no such projection", description)
        case .alreadyRebuilding: Problem(.conflict, "already-rebuilding", "It is being rebuilt", description)
        case .nothingKept: Problem(.conflict, "nothing-kept", "No earlier tables are kept", description)
        case .superseded: .unexpected
        }
    }
}

extension TransparencyError: ProblemConvertible {
    var httpProblem: Problem {
        switch code {
        case .beyondLog: Problem(.notFound, "beyond-log", "The log does not have that", message)
        case .malformed: Problem(.badRequest, "malformed-proof-request", "The request cannot be read", message)
        default:
            Problem(.serviceUnavailable, "proofs-unavailable", "Nothing can be proven at the moment", "The log is untouched; run: relais verify.")
        }
    }
}

extension SealingError: ProblemConvertible {
    var httpProblem: Problem {
        switch code {
        case .wrongMasterKey, .invalidMasterKey, .masterKeyUnavailable:
            Problem(.unprocessableContent, "master-key", "The master key cannot be used", message)
        case .keyDestroyed:
            Problem(.conflict, "changed-meanwhile", "The patient was erased meanwhile", "Read again and decide again.")
        case .held:
            Problem(
                .serviceUnavailable,
                "erasure-under-way",
                "The patient is being erased",
                "Nothing was recorded. Repeat the request under the same Idempotency-Key.",
                retryAfter: 30
            )
        default: .unexpected
        }
    }
}

extension FileErrors: ProblemConvertible {
    var httpProblem: Problem {
        Problem(
            .unprocessableContent,
            "file-errors",
            "The file has faults",
            "\(problems.count) fault(s), each with its line; nothing was published.",
            faults: problems
        )
    }
}

extension CodecError: ProblemConvertible {
    var httpProblem: Problem {
        Problem(.badRequest, "malformed-body", "The body cannot be read", "\(path) \(problem)")
    }
}

extension IdentifierError: ProblemConvertible {
    var httpProblem: Problem { Problem(.unprocessableContent, "invalid-identifier", "An identifier is not valid", description) }
}
