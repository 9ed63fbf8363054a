import EventStore
import Pathways

/// One person as the planner knows them: all of their numbers (A40) together.
struct Person: Sendable {
    private let streams: [StreamID]
    private let members: [Patient]

    /// - Parameter stream: of any of their numbers; nil for a pathway of which nobody knows whose it is.
    init(of stream: StreamID?, in work: UnitOfWork) throws {
        streams = try stream.map { try work.links.person(of: $0.hex) }?.compactMap { StreamID(hex: $0) } ?? []
        members = try streams.map { try work.readPatient($0) }
    }

    /// The pathways of all of their visits, in the order in which they became known, number by number.
    func pathways(in work: UnitOfWork) throws -> [StreamID] {
        var seen: Set<StreamID> = []
        return try members.flatMap(\.visits).compactMap { StreamID(hex: $0.pathwayStream) }.filter { pathway in
            // A dossier that was moved away is another person's.
            guard seen.insert(pathway).inserted, let owner = try work.readPathway(pathway).patientStream else { return false }
            return streams.contains(owner)
        }
    }

    /// That of the surviving number, unless only another has an address: somebody must be able to go there.
    var identity: PatientIdentity? {
        let known = members.compactMap(\.identity)
        return known.first { $0.address != nil } ?? known.first
    }

    /// What was said last, under whichever number. A visit that ended in death says so itself.
    var isDeceased: Bool {
        members.compactMap(\.death).max { $0.statement < $1.statement }?.isDeceased ?? false
    }

    var wasStatedDeceased: Bool { members.contains(where: \.wasStatedDeceased) }
}
