import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections

// What the errors of the other rooms mean over HTTP.

extension Rejection: ProblemConvertible {
    var httpProblem: Problem {
        let status: HTTPResponse.Status
        switch code {
        case .unknownPathway, .unknownFollowUp, .unknownProtocol: status = .notFound
        case .notOffered, .alreadyAccepted, .notYours, .alreadyClosed, .notDischarged, .notAdmitted, .movementKeyReused, .visitOfAnotherPatient:
            status = .conflict
        default: status = .unprocessableContent
        }
        return Problem(status, code.rawValue, "The pathway does not allow it", message)
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
                "Nothing was recorded. Repeat the request under the same Idempotency-Key.",
                retryAfter: 5
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
        case .missing, .storage, .damaged:
            Problem(
                .serviceUnavailable,
                "views-unavailable",
                "The views cannot be read at the moment",
                "The log is untouched; try again.",
                retryAfter: 5
            )
        case .unknownProjection, .alreadyRebuilding, .superseded: .unexpected
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
