import Foundation
import FrenchText
import Pathways
import Timekeeping

/// What the log says of one news, in words: what fills the gaps of its template.
struct NewsFacts {
    private let past: PathwayPast?
    private let event: PathwayEvent?
    private let undeliverable: MessageUndeliverable?
    private let news: News
    private let territory: Territory?
    private let dates: FrenchClock

    init(_ news: News, _ past: PathwayPast, territory: Territory?, dates: FrenchClock) throws(RenderingError) {
        guard let event = past.event(news.key.event) else { throw .eventMissing(id: news.key.event) }
        self.init(news: news, past: past, event: event, undeliverable: nil, territory: territory, dates: dates)
    }

    init(_ news: News, _ undeliverable: MessageUndeliverable, about past: PathwayPast?, territory: Territory?, dates: FrenchClock) {
        self.init(news: news, past: past, event: nil, undeliverable: undeliverable, territory: territory, dates: dates)
    }

    private init(
        news: News,
        past: PathwayPast?,
        event: PathwayEvent?,
        undeliverable: MessageUndeliverable?,
        territory: Territory?,
        dates: FrenchClock
    ) {
        self.news = news
        self.past = past
        self.event = event
        self.undeliverable = undeliverable
        self.territory = territory
        self.dates = dates
    }

    /// What is known; of a patient whose name the recipient may not read, nothing of the stay nor of the illness either.
    var values: [TemplatePlaceholder: String] {
        var values: [TemplatePlaceholder: String] = [:]
        values[.count] = undeliverable.map { "\($0.items.count) \($0.items.count == 1 ? "information" : "informations")" } ?? ""
        values[.care] = care
        values[.window] = followUp.map { dates.window(from: $0.plan.dueFrom, by: $0.plan.dueBy) }
        values[.answerBy] = news.answerBy.map(dates.sentence)
        values[.by] = actor.flatMap(name)
        values[.owner] = followUp?.acceptedBy.map { $0 == news.key.recipient ? "vous" : name($0) ?? "un professionnel" }
        values[.reason] = reason
        values[.at] = seenAt.map(dates.sentence)
        values[.person] = undeliverable.flatMap { name($0.recipient) }
        values[.channels] = undeliverable.flatMap { $0.tried.isEmpty ? nil : $0.tried.map(NewsWords.word).joined(separator: ", ") }
        guard news.named, let pathway = past?.pathway else { return values }
        if case .alertSignReported(let body) = event { values[.sign] = NewsWords.word(body.sign) }
        let stay = pathway.stay
        values[.admission] = (stay.admittedAt ?? stay.plannedAdmissionAt).map(dates.sentence)
        values[.planned] = pathway.plannedDischargeAt.map(dates.sentence)
        values[.discharge] = stay.dischargedAt.map(dates.sentence)
        values[.destination] = stay.mode.flatMap { NewsWords.word($0.destination) }
        return values
    }

    private var followUp: FollowUp? { (news.followUp ?? reportedFollowUp).flatMap { past?.pathway.followUp($0) } }

    private var reportedFollowUp: String? {
        switch event {
        case .alertSignReported(let body): body.followUp
        case .prescriptionMissing(let body): body.followUp
        case .prescriptionObtained(let body): past?.pathway.missingPrescriptions.first { $0.report == body.report }?.followUp
        default: nil
        }
    }

    private var care: String? {
        if case .careRefused(let body) = event {
            let titles = body.followUps.compactMap { past?.pathway.followUp($0)?.plan.title }
            return titles.isEmpty ? nil : QuotedText.oneLine(titles.joined(separator: ", "))
        }
        return followUp.map { QuotedText.oneLine($0.plan.title) }
    }

    private var reason: String? {
        if let undeliverable { return NewsWords.sentence(undeliverable.reason) }
        return switch event {
        case .followUpsWithdrawn(let body): body.withdrawals.first { $0.followUp == news.followUp }.map { NewsWords.sentence($0.reason) }
        case .followUpDeclined(let body): NewsWords.words(body.reason)
        case .followUpCompleted(let body): NewsWords.sentence(body.outcome)
        case .offersMade(let body):
            body.solicitations.first { $0.followUp == news.followUp }?.assignment.reason.flatMap(NewsWords.sentence(assignment:))
        default: nil
        }
    }

    private var seenAt: Instant? { if case .alertSignReported(let body) = event { body.at } else { nil } }

    private var actor: String? {
        switch event {
        case .followUpDeclined(let body): body.by.rpps
        case .followUpCompleted(let body): body.by.rpps
        case .alertSignReported(let body): body.by.rpps
        case .prescriptionMissing(let body): body.by.rpps
        case .prescriptionObtained(let body): body.by.rpps
        case .careRefused(let body): body.by.rpps
        case .refusalTakenBack(let body): body.by.rpps
        case .pradoEnrolled(let body): body.by.rpps
        case .pradoLeft(let body): body.by.rpps
        default: nil
        }
    }

    private func name(_ rpps: String) -> String? { territory?.name(of: rpps) }
}

extension Territory {
    /// Of a professional or the référent-parcours, on one line.
    func name(of rpps: String) -> String? {
        guard let rpps = try? RPPS(rpps) else { return nil }
        let name = professional(rpps)?.fullName ?? (referent.rpps == rpps ? referent.name : nil)
        return name.map(QuotedText.oneLine)
    }
}
