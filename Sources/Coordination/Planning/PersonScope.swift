import EventStore
import Pathways
import Timekeeping

/// The pathways of one person that are looked at together, the latest stay first: what is planned after it decides what becomes of what
/// an earlier one left.
struct PersonScope: Sendable {
    let person: Person
    /// To be reconciled, in this order.
    let streams: [StreamID]
    /// Every pathway of the person.
    private let all: [StreamID]

    /// A pathway, those of the same person in which something is pending, or was superseded by what another stay planned and may be wanted
    /// again, and the later stays that may change it. Where somebody said something of a death, all of them.
    init(around stream: StreamID, in work: UnitOfWork) throws {
        let pathway = try work.readPathway(stream)
        person = try Person(of: pathway.patientStream, in: work)
        // Nobody knows yet whose it is, or nothing is known of it any more.
        guard pathway.reference != nil else { (streams, all) = ([], []); return }
        let others = try person.pathways(in: work).filter { $0 != stream }.map { ($0, try work.readPathway($0)) }
        let deathIsTold = person.wasStatedDeceased || pathway.history.mentionsDeath || others.contains { $0.1.history.mentionsDeath }
        let concerned = others.filter { other in
            other.1.hasPending || other.1.mayBeOwedAgain || (deathIsTold && other.1.stay.status == .discharged)
                || (pathway.hasPending && other.1.isLater(than: pathway))
        }
        streams = Self.latestFirst([(stream, pathway)] + concerned)
        all = [stream] + others.map(\.0)
    }

    /// All pathways of a person in which something is pending, or may have to be planned.
    init(of patient: StreamID, in work: UnitOfWork) throws {
        person = try Person(of: patient, in: work)
        let pathways = try person.pathways(in: work).map { ($0, try work.readPathway($0)) }
        streams = Self.latestFirst(pathways.filter { $0.1.hasPending || $0.1.stay.status == .discharged })
        all = pathways.map(\.0)
    }

    /// The other pathways of the person, as this unit of work knows them.
    func others(of stream: StreamID, in work: UnitOfWork) throws -> [Pathway] {
        try all.filter { $0 != stream }.map { try work.readPathway($0) }
    }

    private static func latestFirst(_ pathways: [(stream: StreamID, state: Pathway)]) -> [StreamID] {
        pathways.sorted { one, other in
            switch (one.state.began, other.state.began) {
            case (let one?, let other?) where one != other: one > other
            case (_?, nil): true
            case (nil, _?): false
            default: one.stream < other.stream
            }
        }.map(\.stream)
    }
}

extension Pathway {
    var hasPending: Bool { followUps.contains(where: \.status.isPending) }

    /// Whether something of it ended because another stay, or another protocol, asked for the same: that may have changed.
    fileprivate var mayBeOwedAgain: Bool {
        closed == nil && handedOver == nil && followUps.contains { $0.status == .withdrawn && $0.withdrawal == .superseded }
    }

    /// When the stay began, as far as anybody said.
    fileprivate var began: Instant? { stay.admittedAt ?? stay.dischargedAt }

    /// Whether the stay began after the other one had ended: it is a readmission, if it is one at all.
    func isLater(than other: Pathway) -> Bool {
        guard let admittedAt = stay.admittedAt, let dischargedAt = other.stay.dischargedAt else { return false }
        return admittedAt >= dischargedAt
    }
}
