import Coordination
import EventStore
import Pathways
import Timekeeping

/// What came from outside in a period, in the order in which it was recorded: what a run tells again at the same instants.
struct PeriodFacts: Sendable {
    struct Fact: Sendable {
        enum Kind: Sendable {
            /// As recorded, ids included.
            case recorded([Int64])
            /// A deed that nobody had asked for.
            case deed(Deed, followUp: String, pathway: StreamID)
            case homeReturn(HomeReturnConfirmed, pathway: StreamID)
            case closing(PathwayClosed, pathway: StreamID)
        }

        let at: Instant
        let kind: Kind
    }

    private(set) var facts: [Fact] = []
    private(set) var book = AnswerBook()
    /// As history stood before the period.
    private(set) var before = FollowUpWatch()
    /// As it stood at the end of it.
    private(set) var after = FollowUpWatch()
    /// Questions of before the period that were open at its beginning.
    private(set) var pending: [Asked] = []

    /// - Parameter reactions: when the planner decided, by the id of the event that was the cause.
    init(_ history: History, in period: ClosedRange<Int64>, reactions: [EventID: Instant]) {
        var watch = FollowUpWatch()
        var group: Group?
        var open: [Question: Asked] = [:]
        func beginPeriod() {
            before = watch
            watch.beginPeriod()
            before.beginPeriod()
            pending = open.values.sorted(by: Self.isEarlier)
        }
        for position in 1...history.head {
            if position == period.lowerBound { beginPeriod() }
            let event = history[position]
            let isPlanned = event.source == FollowUpPlanner.source
            if group?.includes(event) != true { group = Group(of: event) }
            defer { if position == period.upperBound { after = watch } }
            guard !history.erased.contains(event.stream), let says = history.says[Int(position) - 1] else { continue }
            let inPeriod = period.contains(position)
            var isAnswer = false
            if case .pathway(let own) = says {
                let isDerived = group?.isDerived(own) ?? false
                isAnswer = isDerived
                for sign in watch.take(own, in: event.stream, at: event.recordedAt, isDerived: isDerived) {
                    switch sign {
                    case .asked(let asked): open[asked.question] = asked
                    case .answered(let asked, let deed):
                        open[asked.question] = nil
                        let at = Self.acted(own, event)
                        let lag = reactions[event.id].map { max(0, $0.milliseconds(since: at)) }
                        book.note(asked, Answer(deed: deed, delay: at.milliseconds(since: asked.base), plannerLag: lag))
                    case .ended(let asked):
                        // What its own acceptance completes was never waited for.
                        if case .followUpCompleted(let body) = own, isDerived, body.at.millisecondsSinceEpoch == asked.question.at {
                            open[asked.question] = nil
                        }
                        if open.removeValue(forKey: asked.question) != nil {
                            book.note(asked, unansweredUntil: event.recordedAt, endsWithLog: false)
                        }
                    case .unasked(let followUp, let stream, let deed):
                        if inPeriod, !isPlanned {
                            facts.append(Fact(at: Self.acted(own, event), kind: .deed(deed, followUp: followUp, pathway: stream)))
                        }
                    }
                }
                group?.take(own)
            }
            if inPeriod, !isPlanned, !isAnswer { note(event, says) }
        }
        let end = history[history.head].recordedAt
        for asked in open.values.sorted(by: Self.isEarlier) { book.note(asked, unansweredUntil: end, endsWithLog: true) }
        book.sort()
    }

    private static func isEarlier(_ one: Asked, _ other: Asked) -> Bool {
        if one.base != other.base { return one.base < other.base }
        let (left, right) = (one.question, other.question)
        return (left.followUp, left.who, left.kind.rawValue, left.at) < (right.followUp, right.who, right.kind.rawValue, right.at)
    }

    /// When somebody acted, by the clock that a run sets: what they say, else when their command was taken in. A report of what was done says when
    /// that was, and not when it was made: that is when it was recorded.
    private static func acted(_ says: PathwayEvent, _ event: RecordedEvent) -> Instant {
        if case .followUpCompleted = says { return event.recordedAt }
        return event.time
    }

    private mutating func note(_ event: RecordedEvent, _ says: DomainEvent) {
        switch says {
        case .pathway(let own):
            switch own {
            case .followUpAccepted, .followUpDeclined, .followUpCompleted, .followUpNoted, .withdrawalAcknowledged, .solicitationRestarted,
                .entryRetracted:
                return
            case .homeReturnConfirmed(let body):
                facts.append(Fact(at: event.recordedAt, kind: .homeReturn(body, pathway: event.stream)))
            case .pathwayClosed(let body): facts.append(Fact(at: event.recordedAt, kind: .closing(body, pathway: event.stream)))
            default: record(event)
            }
        case .patientIdentified, .identityCorrected, .visitRegistered, .dossierMoved, .patientsMerged, .mergeUndone, .territoryPublished,
            .protocolPublished, .absenceDeclared, .absenceEnded:
            record(event)
        default: return
        }
    }

    /// What was recorded at once is told at once.
    private mutating func record(_ event: RecordedEvent) {
        if let last = facts.last, last.at == event.recordedAt, case .recorded(let positions) = last.kind, positions.last == event.position - 1 {
            facts[facts.count - 1] = Fact(at: last.at, kind: .recorded(positions + [event.position]))
        } else {
            facts.append(Fact(at: event.recordedAt, kind: .recorded([event.position])))
        }
    }

    /// Events of one append to one stream, as far as an envelope tells.
    private struct Group {
        private let of: RecordedEvent
        private var hasCompletion = false
        private var hasAcceptance = false
        private var hasHomeReturn = false

        init(of event: RecordedEvent) { of = event }

        func includes(_ event: RecordedEvent) -> Bool {
            event.stream == of.stream && event.recordedAt == of.recordedAt && event.source == of.source && event.causation == of.causation
        }

        mutating func take(_ event: PathwayEvent) {
            switch event {
            case .followUpCompleted: hasCompletion = true
            case .followUpAccepted: hasAcceptance = true
            case .homeReturnConfirmed: hasHomeReturn = true
            default: break
            }
        }

        func isDerived(_ event: PathwayEvent) -> Bool {
            switch event {
            case .followUpCompleted: hasAcceptance || hasHomeReturn
            case .homeReturnConfirmed: hasCompletion
            default: false
            }
        }
    }
}
