/// What only whoever holds the data directory may ask for: served on its control socket, never on the network.
public struct OperatorServices: Sendable {
    /// What a rotation of the master key did.
    public struct Rotation: Sendable, Hashable, Encodable {
        public let masterKey: String
        public let rewrapped: Int

        public init(masterKey: String, rewrapped: Int) {
            self.masterKey = masterKey
            self.rewrapped = rewrapped
        }
    }

    /// What came of parked work.
    public struct ParkedWork: Sendable, Hashable, Encodable {
        /// Events whose effect was had now.
        public let done: Int
        /// Events of the sequence that are still parked.
        public let remaining: Int

        public init(done: Int, remaining: Int) {
            self.done = done
            self.remaining = remaining
        }
    }

    /// What a promotion did.
    public struct Promotion: Sendable, Hashable, Encodable {
        /// The log's last position.
        public let position: Int64
        /// In force from now on: what a writer of an earlier one records is refused.
        public let epoch: Int64

        public init(position: Int64, epoch: Int64) {
            self.position = position
            self.epoch = epoch
        }
    }

    /// Wraps all data keys under another master key; `place` says where it is, nil = makes one beside the old.
    public var rotate: @Sendable (_ place: String?) throws -> Rotation
    /// Tries the sequence of a parked event again; nil = there is none of this id.
    public var retry: @Sendable (_ id: Int64) async throws -> ParkedWork?
    /// Does without the effect of a parked event; nil = there is none of this id.
    public var discard: @Sendable (_ id: Int64, _ reason: String, _ by: String) async throws -> ParkedWork?

    /// What can be done to a read model beside its readers.
    public enum ProjectionAction: String, Sendable, Hashable, CaseIterable {
        case rebuild, revert
        case dropOld = "drop-old"
    }

    /// Does it, and returns when it is done.
    public var projection: @Sendable (_ action: ProjectionAction, _ name: String) async throws -> Void

    /// Why a server is not made the writer: for whoever asked.
    public struct PromotionRefused: Error, Hashable {
        public let reason: String

        public init(_ reason: String) { self.reason = reason }
    }

    /// Makes a copy the writer; nil where there is no copy. Throws ``PromotionRefused`` where this one is not to become it.
    public var promote: (@Sendable () async throws -> Promotion)?

    public init(
        rotate: @escaping @Sendable (_ place: String?) throws -> Rotation,
        retry: @escaping @Sendable (_ id: Int64) async throws -> ParkedWork?,
        discard: @escaping @Sendable (_ id: Int64, _ reason: String, _ by: String) async throws -> ParkedWork?,
        projection: @escaping @Sendable (_ action: ProjectionAction, _ name: String) async throws -> Void
    ) {
        self.rotate = rotate
        self.retry = retry
        self.discard = discard
        self.projection = projection
    }
}
