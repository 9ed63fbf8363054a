import EventStore
import Pathways
import Timekeeping

/// Counts what happens, for the report.
struct Tally {
    var steps = 0
    var restarts = 0
    /// Messages that the hospitals wrote.
    var messages = 0
    var repetitions = 0
    /// Of a visit with the hospital's book.
    var comparisons = 0
    var refusals: [String: Int] = [:]
    private(set) var events: Int64 = 0
    private(set) var planned = 0
    private(set) var offers = 0
    private(set) var acceptances = 0
    private(set) var declined = 0
    private(set) var lapsed = 0
    private(set) var givenBack = 0
    private(set) var completed = 0
    private(set) var completedLate = 0
    private(set) var withdrawn = 0
    private(set) var held = 0
    private(set) var escalations = 0
    private(set) var nobodyLeft = 0
    private(set) var minutesToAcceptance: [Int32] = []
    private(set) var loads: [String: Int] = [:]

    /// - Parameter board: as it stood before the event.
    mutating func take(_ event: DomainEvent?, from recorded: RecordedEvent, on board: Board) {
        events += 1
        guard case .pathway(let event) = event else { return }
        switch event {
        case .followUpsPlanned(let body): planned += body.followUps.count { board[$0.id] == nil }
        case .offersMade(let body):
            offers += body.solicitations.reduce(0) { $0 + $1.to.count }
            nobodyLeft += body.solicitations.count { $0.to.isEmpty }
        case .offersLapsed(let body): lapsed += body.to.count
        case .followUpAccepted(let body):
            acceptances += 1
            loads[body.by.rpps, default: 0] += 1
            guard let item = board[body.followUp], item.acceptedAt == nil else { return }
            minutesToAcceptance.append(Int32(clamping: recorded.recordedAt.milliseconds(since: item.plannedAt) / 60_000))
        case .followUpDeclined(let body): if body.givenBack { givenBack += 1 } else { declined += 1 }
        case .followUpCompleted(let body):
            completed += 1
            if let item = board[body.followUp], item.dueBy < body.at { completedLate += 1 }
        case .followUpsWithdrawn(let body): withdrawn += body.withdrawals.count
        case .followUpsHeld(let body): held += body.followUps.count
        case .followUpEscalated: escalations += 1
        default: break
        }
    }
}
