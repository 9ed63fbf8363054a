public import EventStore
public import Pathways

/// The keyed function that a patient's INS is looked up by: never a bare hash, which anybody could compute for all numbers there are.
public typealias INSLookupKey = @Sendable (INS) -> StreamID
