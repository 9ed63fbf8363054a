/// One movement of a visit: all that the hospital stated of it, in whatever order that came, and whether it was taken back.
public struct StatedMovement: Hashable, Sendable {
    /// What one message says of it.
    struct Version: Hashable, Sendable {
        var kind: MovementKind
        var movement: Movement
        var mode: DischargeMode?
        /// UPDATE (Z99), else INSERT.
        let isCorrection: Bool

        init(_ kind: MovementKind, _ movement: Movement, _ mode: DischargeMode?, isCorrection: Bool) {
            self.kind = kind
            self.movement = movement
            self.mode = mode == .unstated ? nil : mode
            self.isCorrection = isCorrection
        }
    }

    /// In the order in which they were made.
    private(set) var versions: [Version]
    /// What the versions say together, the latest word winning (PAM France §5.3; I5).
    public private(set) var kind: MovementKind
    public private(set) var movement: Movement
    public private(set) var mode: DischargeMode?
    /// Who took it back, and when, in the order in which they said so; one for each number of the patient at most.
    private(set) var cancellations: [Statement] = []

    /// Who took it back first; nil as long as it stands.
    public var cancellation: Statement? { cancellations.first }

    public var isCancelled: Bool { !cancellations.isEmpty }

    init(_ version: Version) {
        versions = [version]
        kind = version.kind
        movement = version.movement
        mode = version.mode
    }

    /// Whether it was ever stated under this number.
    func isNumbered(_ id: MovementID) -> Bool { movement.id == id || movement.otherIDs.contains(id) }

    /// Whether it was ever stated under a number of this one.
    func isNumbered(as other: Movement) -> Bool { isNumbered(other.id) || other.otherIDs.contains(where: isNumbered) }

    /// Whether it was ever stated as one from which a visit can begin.
    var beginsVisit: Bool { versions.contains { $0.kind.beginsVisit } }

    /// Whether it was ever stated as one after which the patient is in.
    var admits: Bool { versions.contains { $0.kind.admits } }

    /// The movement as it was stated first; nil while only corrections are known.
    var insertion: Version? { versions.first { !$0.isCorrection } }

    /// Whether a cancellation of `kind` can mean this movement. A11 takes back an A04 as well as an A01.
    func isMeant(by kind: MovementKind) -> Bool {
        versions.contains { $0.kind == kind || (kind == .admission && $0.kind == .emergencyVisit) }
    }

    /// Whether `version` says anything that the same message has not said yet.
    func adds(_ version: Version) -> Bool {
        guard let known = versions.first(where: { $0.isSameMessage(as: version) }) else { return true }
        return known.completed(by: version) != known
    }

    /// Whether `version` says nothing but what is known, whoever said it and when.
    func agrees(with version: Version) -> Bool {
        guard version.kind == kind, version.movement.effectiveAt == movement.effectiveAt else { return false }
        let later = movement.overlaid(by: version.movement)
        let isSame =
            later.historic == movement.historic && later.unit == movement.unit && later.declared == movement.declared
            && later.patientClass == movement.patientClass && later.chargeType == movement.chargeType && later.expectedAt == movement.expectedAt
            && later.attending == movement.attending && (version.mode.map { mode?.completed(by: $0) ?? $0 } ?? mode) == mode
        return isSame || isCancelled
    }

    mutating func state(_ version: Version) {
        if let index = versions.firstIndex(where: { $0.isSameMessage(as: version) }) {
            versions[index] = versions[index].completed(by: version)
        } else {
            let index = versions.firstIndex { version.movement.statement < $0.movement.statement } ?? versions.endIndex
            versions.insert(version, at: index)
        }
        guard let first = versions.first else { return }
        let known = versions.dropFirst().reduce(first) { $0.completed(by: $1) }
        kind = known.kind
        movement = known.movement
        mode = known.mode
    }

    /// - Parameter superseded: cancellations that say no more than this one.
    mutating func cancel(_ statement: Statement, insteadOf superseded: [Statement]) {
        cancellations.removeAll { $0 == statement || superseded.contains($0) }
        let index = cancellations.firstIndex { statement < $0 } ?? cancellations.endIndex
        cancellations.insert(statement, at: index)
    }

    /// The order of the bedside (health-domain §A.3): ZBE-2, rank of the trigger, ZBE-1.
    static func isBefore(_ left: Self, _ right: Self) -> Bool {
        (left.movement.effectiveAt, left.kind.rank, left.movement.id) < (right.movement.effectiveAt, right.kind.rank, right.movement.id)
    }
}

extension StatedMovement.Version {
    fileprivate func isSameMessage(as other: Self) -> Bool {
        isCorrection == other.isCorrection && movement.statement == other.movement.statement
    }

    fileprivate func completed(by later: Self) -> Self {
        let stated = later.mode.map { mode?.completed(by: $0) ?? $0 }
        return Self(later.kind, movement.overlaid(by: later.movement), stated ?? mode, isCorrection: isCorrection)
    }
}
