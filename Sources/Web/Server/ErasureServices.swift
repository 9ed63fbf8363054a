public import Coordination
public import EventStore
public import Pathways

/// What erasing needs, handed in.
public struct ErasureServices: Sendable {
    public var extent: @Sendable (Set<StreamID>) throws -> ErasureDesk.Extent
    /// Destroys keys, waits for the views to drop the patient, and removes what files still hold.
    public var erase: @Sendable (Set<StreamID>, PatientErased.Reason, Caller, RequestKey) async throws -> ErasureDesk.Erasure
    /// What the same request was answered before.
    public var earlier: @Sendable (RequestKey, Caller) throws -> ErasureDesk.Erasure?
    /// Whether these patients were erased before, and nothing was recorded since.
    public var isErased: @Sendable (Set<StreamID>) throws -> Bool
    /// Does what an erasure that was broken off left undone.
    public var finish: @Sendable () async throws -> Void
    /// The streams of the patients of a national identity.
    public var patientsOfINS: @Sendable (INS) throws -> Set<StreamID>

    public init(
        extent: @escaping @Sendable (Set<StreamID>) throws -> ErasureDesk.Extent,
        erase: @escaping @Sendable (Set<StreamID>, PatientErased.Reason, Caller, RequestKey) async throws -> ErasureDesk.Erasure,
        earlier: @escaping @Sendable (RequestKey, Caller) throws -> ErasureDesk.Erasure?,
        isErased: @escaping @Sendable (Set<StreamID>) throws -> Bool,
        finish: @escaping @Sendable () async throws -> Void,
        patientsOfINS: @escaping @Sendable (INS) throws -> Set<StreamID>
    ) {
        self.extent = extent
        self.erase = erase
        self.earlier = earlier
        self.isErased = isErased
        self.finish = finish
        self.patientsOfINS = patientsOfINS
    }
}
