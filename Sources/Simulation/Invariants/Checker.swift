import EventStore
import Foundation
import Pathways
import Timekeeping

/// Checks what must always hold, event by event and pathway by pathway. It folds the log itself and trusts nothing that the coordinator keeps.
struct Checker {
    let zone: TimeZone
    let library: ProtocolLibrary
    /// Members by team.
    let teams: [String: [String]]

    private var position: Int64 = 0
    private var versions: [StreamID: Int64] = [:]
    private var messages: [String: Int64] = [:]
    private(set) var pathways: [StreamID: Pathway] = [:]
    private(set) var touched: Set<StreamID> = []
    private var deadlines = DeadlineBook()
    private var escalatedUpTo: [String: Instant] = [:]
    /// Who was told of a death, in the order of the log.
    private var toldOfDeath: Set<String> = []

    /// - Throws: `Violation` if nobody knows the time zone of the territory.
    init(library: ProtocolLibrary, territory: Territory) throws(Violation) {
        guard let zone = TimeZone(identifier: territory.timeZone) else { throw Violation("I5", "no such time zone: \(territory.timeZone)") }
        self.zone = zone
        self.library = library
        teams = Dictionary(uniqueKeysWithValues: territory.teams.map { ($0.id, $0.members.map(\.value)) })
    }

    // MARK: - Each event

    /// - Parameter board: as it stood before the event.
    mutating func take(_ recorded: RecordedEvent, _ event: DomainEvent?, before board: Board) throws(Violation) {
        guard recorded.position == position + 1 else { throw Violation("I3", "position \(recorded.position) follows \(position)") }
        let version = versions[recorded.stream, default: 0]
        guard recorded.version == version + 1 else {
            throw Violation("I3", "version \(recorded.version) follows \(version) at position \(recorded.position)")
        }
        position = recorded.position
        versions[recorded.stream] = recorded.version
        switch event {
        case .messageReceived(let body):
            if let first = messages.updateValue(position, forKey: body.facts.digest) {
                throw Violation("I4", "the message of position \(first) is recorded again at \(position)")
            }
        case .pathway(let event):
            try check(event, at: recorded, on: board)
            pathways[recorded.stream, default: Pathway()].evolve(with: event)
            touched.insert(recorded.stream)
        default: break
        }
    }

    private mutating func check(_ event: PathwayEvent, at recorded: RecordedEvent, on board: Board) throws(Violation) {
        let place = "at position \(recorded.position)"
        switch event {
        // What is wanted after all begins anew, its steps too; so does what a corrected discharge makes due at another time.
        case .followUpsPlanned(let body):
            for plan in body.followUps {
                guard let item = board[plan.id], item.status == .withdrawn || item.dueBy != plan.dueBy else { continue }
                escalatedUpTo[plan.id] = nil
            }
        case .offersMade(let body):
            for solicitation in body.solicitations { try check(solicitation, at: body.at, on: board, place) }
        case .offersLapsed(let body):
            guard let item = board[body.followUp], item.asked.isSuperset(of: body.to) else {
                throw Violation("I7", "an offer lapses that was not pending, \(place)")
            }
        case .followUpAccepted(let body):
            guard let item = board[body.followUp] else { throw Violation("I7", "an unknown follow-up is accepted \(place)") }
            guard item.status == .open || item.status == .onHold, item.owner == nil else {
                throw Violation("I7", "a follow-up that is \(item.status.rawValue) is accepted, perhaps twice, \(place)")
            }
        case .followUpDeclined(let body):
            if body.givenBack, body.by.capacity != .referent, board[body.followUp]?.owner != body.by.rpps {
                throw Violation("I7", "somebody gives back what is not theirs \(place)")
            }
        case .followUpCompleted(let body):
            guard board[body.followUp]?.status.isPending == true else { throw Violation("I7", "what has ended is completed \(place)") }
        case .followUpsHeld(let body):
            for id in body.followUps where board[id]?.status.isPending != true { throw Violation("I7", "what has ended is held \(place)") }
        case .followUpsResumed(let body):
            for id in body.followUps where board[id]?.status != .onHold { throw Violation("I7", "what was not on hold is resumed \(place)") }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals { try check(withdrawal, on: board, place) }
        case .followUpEscalated(let body):
            if let last = escalatedUpTo[body.followUp], last >= body.at {
                throw Violation("I7", "a step of escalation of \(body.followUp) comes twice \(place)")
            }
            escalatedUpTo[body.followUp] = body.at
        default: break
        }
    }

    private func check(_ offer: OffersMade.Solicitation, at instant: Instant, on board: Board, _ place: String) throws(Violation) {
        // What was planned in the same append is open, and was offered to nobody.
        guard let item = board[offer.followUp] else { throw Violation("I7", "an unknown follow-up is offered \(place)") }
        guard item.status == .open else { throw Violation("I7", "a follow-up that is \(item.status.rawValue) is offered \(place)") }
        guard item.asked.isEmpty else { throw Violation("I7", "a wave begins before the one before it has ended \(place)") }
        for addressee in offer.to {
            if item.refusedBy.contains(addressee) { throw Violation("I7", "somebody who said no is asked again \(place)") }
            let isThere =
                switch Addressee(rawValue: addressee) {
                case .professional(let rpps): !board.absences.isAway(rpps, at: instant)
                case .team(let id): (teams[id] ?? []).contains { !board.absences.isAway($0, at: instant) }
                }
            if !isThere { throw Violation("I7", "somebody who is away is asked \(place)") }
        }
    }

    private mutating func check(_ withdrawal: FollowUpsWithdrawn.Withdrawal, on board: Board, _ place: String) throws(Violation) {
        guard let item = board[withdrawal.followUp], item.status.isPending else {
            throw Violation("I7", "what has ended is withdrawn \(place)")
        }
        if withdrawal.reason == .deceased { toldOfDeath.formUnion(withdrawal.told) }
        guard let owner = item.owner, !withdrawal.told.contains(owner) else { return }
        // A death is told to each person once.
        if withdrawal.reason == .deceased, toldOfDeath.contains(owner) { return }
        throw Violation("I7", "the owner of what is withdrawn is not told \(place)")
    }

    // MARK: - Each step

    /// What the step touched: owner, deadline and lateness of every follow-up.
    ///
    /// - Parameter now: on the coordinator's clock.
    /// - Returns: the pathways.
    mutating func checkTouched(on board: Board, now: Instant) throws(Violation) -> Set<StreamID> {
        defer { touched = [] }
        for stream in touched {
            guard let pathway = pathways[stream] else { continue }
            for followUp in pathway.followUps {
                guard let item = board[followUp.id] else { throw Violation("I7", "follow-up \(followUp.id) was never planned") }
                guard item.status == followUp.status else {
                    throw Violation("I7", "follow-up \(followUp.id) is \(followUp.status.rawValue), by the log \(item.status.rawValue)")
                }
                guard item.isLate(at: now) == followUp.isLate(at: now) else {
                    throw Violation("I6", "follow-up \(followUp.id) is late by one reading of the log and not by another")
                }
                guard followUp.status.isPending else { continue }
                let owner = item.owner.map(Owner.professional) ?? .referent
                guard followUp.owner == owner else { throw Violation("I7", "follow-up \(followUp.id) has another owner than the log says") }
                if followUp.nextDeadline == nil { throw Violation("I7", "follow-up \(followUp.id) has no next deadline") }
            }
            deadlines.set(pathway.nextDeadline(under: library, in: zone)?.at, for: stream)
        }
        return touched
    }

    /// After the scheduler has looked, while the planner had nothing left to do: no deadline is behind it.
    ///
    /// - Parameter now: on the coordinator's clock when it looked.
    mutating func checkDeadlines(after now: Instant) throws(Violation) {
        while let (stream, at) = deadlines.first(), at <= now {
            // What was looked at and came to nothing waits for a fact, not for the clock.
            let next = pathways[stream]?.nextDeadline(under: library, in: zone, after: now)?.at
            if next.map({ $0 > now }) ?? true {
                deadlines.set(next, for: stream)
                continue
            }
            throw Violation("I7", "the deadline of pathway \(stream.hex) passed at \(at.rfc3339), and nothing came of it by \(now.rfc3339)")
        }
    }

    /// Whether the log holds the message of these bytes (I1).
    func holds(message digest: String) -> Bool { messages[digest] != nil }
}
