import Coordination
import EventStore
import HTTPTypes
import Pathways

extension WebServices {
    /// The pathway, for somebody who may see it. Whether one may look is asked of the pathway as it stands now, not as it stood.
    ///
    /// - Throws: `Problem` 403 or 404.
    @discardableResult
    func open(_ stream: StreamID, to caller: PageCaller, _ state: TerritoryState) throws -> Pathway {
        try open(stream, to: caller.rpps, asReferent: caller.isReferent, state)
    }

    /// The same for the API's writes: who has no part in a patient's care says nothing of it either.
    @discardableResult
    func open(_ stream: StreamID, to caller: Caller) throws -> Pathway {
        try open(stream, to: caller.attribution.rpps, asReferent: caller.attribution.capacity == .referent, territory())
    }

    private func open(_ stream: StreamID, to rpps: String, asReferent: Bool, _ state: TerritoryState) throws -> Pathway {
        let pathway = try coordinator.loader.pathway(stream)
        guard pathway.version > 0 else { throw Problem.unknownPathway }
        let contact = PathwayAccess.unitContact(of: pathway.state, in: state.territory)
        guard PathwayAccess.isOpen(pathway.state, to: rpps, asReferent: asReferent, unitContact: contact) else {
            throw Problem(.forbidden, "pathway-not-yours", "This pathway is not open to you", "The caller takes no part in this patient's care.")
        }
        return pathway.state
    }
}
