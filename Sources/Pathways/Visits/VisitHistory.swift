/// The movements of one visit, folded in the order of the bedside, never of arrival (PAM France §5.3.7; I5): (ZBE-2, rank of the
/// trigger, ZBE-1); of somebody who was in, a discharge before a readmission of the same instant (``Stay/defers(_:to:)``). A cancellation
/// holds whatever its arrival.
public struct VisitHistory: Hashable, Sendable {
    /// In the order of the bedside.
    public private(set) var movements: [StatedMovement] = []
    /// Reports whose parent is not known yet.
    public private(set) var held: [VisitReport] = []
    public private(set) var stay = Stay()
    /// Whom a report named, where that is another number than that of the patient whose visit it is.
    private var names: [VisitReport.Key: PatientLink] = [:]

    init() {}

    /// The visit that these reports tell together: each with its parent, or held. The same whatever the order in which they came.
    init(_ reports: [(report: VisitReport, named: PatientLink?)]) {
        for (report, named) in reports { hold(report, named: named) }
        var passedOver: [VisitReport] = []
        while let next = releasable(except: passedOver) {
            // One that contradicts its parent goes on waiting.
            passedOver.append(next)
            if reception(of: next, named: name(of: next)) == .news { record(next, named: name(of: next)) }
        }
    }

    /// - Parameter id: in any of its namespaces.
    func movement(_ id: MovementID) -> StatedMovement? { movements.first { $0.isNumbered(id) } }

    /// The one that is stated under a number of `movement`.
    func movement(numberedAs movement: Movement) -> StatedMovement? { movements.first { $0.isNumbered(as: movement) } }

    /// Whether a movement from which a visit can begin is known, cancelled or not.
    var hasBegun: Bool { movements.contains(where: \.beginsVisit) }

    /// Whether what a movement of this kind must follow is known, cancelled or not: anything that begins a visit, or the patient's being in.
    func hasParent(of kind: MovementKind) -> Bool {
        if kind.beginsVisit { return true }
        return kind.followsAdmission ? movements.contains(where: \.admits) : hasBegun
    }

    /// The discharges that stand and lie before the first movement by which the patient came in: a stay of negative length.
    public var dischargesBeforeAdmission: [MovementID] {
        let standing = movements.filter { !$0.isCancelled }
        guard let entry = standing.firstIndex(where: { $0.kind.admits }) else { return [] }
        return standing[..<entry].filter { $0.kind == .discharge }.map(\.movement.id)
    }

    /// Whether any discharge was ever stated to be a death, even if that was taken back since.
    public var mentionsDeath: Bool {
        heldDeath || movements.contains { $0.versions.contains { $0.mode?.destination == .death } }
    }

    /// A death is one although its visit has not begun here yet; unless that discharge is taken back as well.
    var heldDeath: Bool {
        held.contains { report in
            guard case .movement(_, let movement, let mode) = report, mode?.destination == .death else { return false }
            return !held.contains { if case .cancellation(movement.id, _, _) = $0 { true } else { false } }
        }
    }

    /// Whom a report named; nil if that is the patient whose visit it is.
    func name(of report: VisitReport) -> PatientLink? { names[report.key] }

    /// Whether a report names another number than that of the patient whose visit it is.
    var namesOthers: Bool { !names.isEmpty }

    /// The visit is another patient's from here on, and stays what it is.
    mutating func give(to new: PatientLink, from old: PatientLink) {
        var names: [VisitReport.Key: PatientLink] = [:]
        for report in reports {
            let name = name(of: report) ?? old
            if name.identifier != new.identifier { names[report.key] = name }
        }
        self.names = names
    }

    /// Forgets what turns out to speak of somebody else; what needed it waits again.
    mutating func withdraw(_ report: VisitReport) {
        let told = reports
        guard told.contains(where: { $0.isSame(as: report) }) else { return }
        self = VisitHistory(told.filter { !$0.isSame(as: report) }.map { ($0, name(of: $0)) })
    }

    mutating func record(_ report: VisitReport, named: PatientLink? = nil) {
        names[canonical(report).key] = named
        switch report {
        case .movement(let kind, let movement, let mode):
            state(StatedMovement.Version(kind, movement, mode, isCorrection: false))
        case .correction(let kind, let movement, let mode):
            state(StatedMovement.Version(kind, movement, mode, isCorrection: true))
        case .cancellation(let number, _, let statement):
            let id = movement(number)?.movement.id ?? number
            guard let index = movements.firstIndex(where: { $0.isNumbered(id) }) else { break }
            let superseded = cancellations(of: id, saidBy: named).filter { statement < $0 }
            for later in superseded { names[VisitReport.Key(form: .cancellation, movement: id, statement: later)] = nil }
            movements[index].cancel(statement, insteadOf: superseded)
            refold()
        }
        release(report)
    }

    mutating func hold(_ report: VisitReport, named: PatientLink? = nil) {
        names[report.key] = named
        if isHeld(report) { return }
        let index = held.firstIndex { Self.rank(report) < Self.rank($0) } ?? held.endIndex
        held.insert(report, at: index)
    }

    func isHeld(_ report: VisitReport) -> Bool { held.contains { $0.isSame(as: report) } }

    private mutating func state(_ version: StatedMovement.Version) {
        var stated: StatedMovement
        if let index = movements.firstIndex(where: { $0.isNumbered(as: version.movement) }) {
            stated = movements.remove(at: index)
            stated.state(version)
        } else {
            stated = StatedMovement(version)
            // What a feed in good order says is the end of the story so far: nothing before it need be told again.
            if let last = movements.last, last.movement.effectiveAt < stated.movement.effectiveAt {
                movements.append(stated)
                stay.apply(stated)
                return
            }
        }
        movements.append(stated)
        refold()
    }

    /// Later cancellations of a movement that is taken back have nothing to wait for.
    private mutating func release(_ report: VisitReport) {
        if held.isEmpty { return }
        let named = name(of: report)
        var left: [VisitReport] = []
        for waiting in held where !waiting.isSame(as: report) {
            guard case .cancellation(let id, _, let statement) = report, case .cancellation(let number, _, let other) = waiting,
                id == number || movement(id)?.isNumbered(number) == true, other >= statement, name(of: waiting) == named
            else {
                left.append(waiting)
                continue
            }
            names[waiting.key] = nil
        }
        held = left
    }

    /// - Parameter number: in any of the movement's namespaces.
    func cancellations(of number: MovementID, saidBy named: PatientLink?) -> [Statement] {
        guard let known = movement(number) else { return [] }
        return known.cancellations.filter { names[VisitReport.Key(form: .cancellation, movement: known.movement.id, statement: $0)] == named }
    }

    /// A cancellation under the number by which its movement is known here.
    private func canonical(_ report: VisitReport) -> VisitReport {
        guard case .cancellation(let number, let kind, let statement) = report else { return report }
        return .cancellation(movement(number)?.movement.id ?? number, kind, statement)
    }

    private mutating func refold() {
        var waiting = movements.sorted(by: StatedMovement.isBefore)[...]
        var told: [StatedMovement] = []
        stay = Stay()
        while let first = waiting.first {
            let instant = waiting.prefix { $0.movement.effectiveAt == first.movement.effectiveAt }
            var moment = Array(instant)
            let wasIn = stay.isInHospital
            while !moment.isEmpty {
                let next = moment.remove(at: moment.firstIndex { !(wasIn && Stay.defers($0, to: moment)) } ?? 0)
                stay.apply(next)
                told.append(next)
            }
            waiting = waiting.dropFirst(instant.count)
        }
        movements = told
    }
}
