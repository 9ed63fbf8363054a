public import EventStore
import Pathways
import Timekeeping

/// Tells why a follow-up stands in a list, at any position of the log.
///
/// The events of the pathway and of the territory are read from the log; the views are asked for one thing, in which pathway the follow-up
/// is.
public struct WhyReader: Sendable {
    private static let pageSize = 200

    private let timelines: TimelineReader
    private let views: Views
    private let log: any EventReader
    private let sealer: any PayloadSealer
    private let territory: TerritoryHistory

    /// - Parameter territory: the stream of the territory's publications. Keep the reader: it parses each publication once.
    public init(views: Views, log: any EventReader, sealer: any PayloadSealer, territory: StreamID) {
        timelines = TimelineReader(views: views, log: log, sealer: sealer)
        self.views = views
        self.log = log
        self.sealer = sealer
        self.territory = TerritoryHistory(stream: territory, log: log, sealer: sealer)
    }

    /// Why a follow-up is in somebody's list, or what became of it.
    ///
    /// - Parameters:
    ///   - id: the follow-up.
    ///   - rpps: in whose list; nil for that of whoever answers for it, which also tells how it ended.
    ///   - kind: as what it is in that list; nil for the first of: offered, accepted or on hold, owned, notice.
    ///   - position: as it stood there; nil = all that is recorded.
    /// - Returns: nil if there is no such follow-up, or it is not in that list.
    /// - Throws: `ViewError.behind` if the log or the views have not reached `position` and the follow-up is not known;
    ///   `ReplayError.unreadable`; what the log and the sealer throw.
    public func explanation(
        ofFollowUp id: String,
        inListOf rpps: String? = nil,
        as kind: ToDoItem.Kind? = nil,
        asOf position: Int64? = nil
    ) throws -> Explanation? {
        let head = try log.head().position
        let position = position ?? head
        guard position <= head else { throw ViewError.behind(asked: position, reached: head) }
        guard let pathway = try timelines.pathway(ofFollowUp: id) else {
            _ = try views.read { try $0.position(of: TimelineProjection.name, asOf: position) }
            return nil
        }
        let story = try story(of: pathway, through: position)
        return try explanation(of: id, pathway, story, inListOf: rpps, as: kind, asOf: position)
    }

    /// The same, from a story at hand.
    func explanation(
        of id: String,
        _ pathway: StreamID,
        _ story: [ToldEvent],
        inListOf rpps: String?,
        as kind: ToDoItem.Kind?,
        asOf position: Int64
    ) throws -> Explanation? {
        let directory = try territory.territory(asOf: position)
        for standpoint in standpoints(rpps, kind, directory) {
            let fold = ItemFold(id, from: standpoint, folding: story)
            guard let item = fold.item, Self.isOf(rpps, item, kind, directory) else { continue }
            let publication = try territory.publication(
                of: item.plan.rule.followUpProtocol,
                version: item.plan.protocolVersion,
                asOf: position
            )
            return try ExplanationBuilder(
                item: item,
                standpoint: standpoint,
                followUp: fold.pathway.followUp(id),
                story: story,
                territory: directory,
                publication: publication,
                logTime: log.read(after: position - 1, limit: 1).first?.recordedAt
            ).explanation(of: pathway, asOf: position)
        }
        return nil
    }

    /// The events of a pathway up to a position, those before an erasure and those that were erased left out.
    func story(of pathway: StreamID, through position: Int64) throws -> [ToldEvent] {
        var story: [ToldEvent] = []
        var version: Int64 = 0
        while true {
            let page = try log.read(stream: pathway, fromVersion: version + 1, limit: Self.pageSize)
            for recorded in page where recorded.position <= position {
                if recorded.type == StreamErased.type {
                    story = []
                } else if let event = try decode(recorded) {
                    story.append(ToldEvent(recorded: recorded, event: event))
                }
            }
            guard let last = page.last, page.count == Self.pageSize, last.position < position else { return story }
            version = last.version
        }
    }

    private func decode(_ event: RecordedEvent) throws -> PathwayEvent? {
        guard let payload = try sealer.payload(of: event) else { return nil }
        do throws(CodecError) {
            guard case .pathway(let body) = try DomainEvent(type: event.type, payload: payload) else { return nil }
            return body
        } catch {
            throw ReplayError.unreadable(position: event.position, type: event.type, problem: error.description)
        }
    }

    // MARK: - In whose list

    private func standpoints(_ rpps: String?, _ kind: ToDoItem.Kind?, _ directory: Territory?) -> [Standpoint] {
        guard let rpps else { return [.owner] }
        let teams = directory?.teams.filter { $0.members.contains { $0.value == rpps } }.map(\.id).sorted() ?? []
        let asked: [Standpoint] = [.asked(rpps)] + teams.map { .asked(Addressee.team($0).rawValue) }
        return switch kind {
        case .offered: asked
        case .accepted, .owned, .onHold, .escalated: [.owner]
        case .notice: [.told(rpps)]
        case nil: asked + [.owner, .told(rpps)]
        }
    }

    private static func isOf(_ rpps: String?, _ item: ExplainedItem, _ kind: ToDoItem.Kind?, _ directory: Territory?) -> Bool {
        if let kind, kind != .escalated, kind.rawValue != item.state.rawValue { return false }
        guard let rpps else { return true }
        if kind != .accepted, item.state == .accepted, item.escalation?.told.contains(rpps) == true { return true }
        return switch item.state {
        case .offered, .notice: true
        case .accepted: item.acceptedBy == rpps
        case .onHold: item.acceptedBy == rpps || directory?.referent.rpps.value == rpps
        case .owned: directory?.referent.rpps.value == rpps
        case .done, .withdrawn: false
        }
    }
}
