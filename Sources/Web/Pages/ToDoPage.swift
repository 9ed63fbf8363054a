import FrenchText
import Pathways
import Projections

/// « À faire »: a professional's own to-do list, in buckets, one card per patient.
struct ToDoPage: PageModel, Hashable {
    static let template = PageTemplate.toDo

    /// One bucket.
    struct Section: Sendable, Hashable {
        let id: String
        let title: String
        /// Follow-ups, not cards: as the API counts them.
        let count: Int
        let hint: String?
        let cards: [ToDoCard]
    }

    /// What is not in the list itself, for building the page.
    struct Surroundings {
        let caller: PageHead.Badge
        let library: ProtocolLibrary
        let flash: Flash?
        /// The page's idempotency key.
        let key: String
        /// Loads itself anew, for the demonstration.
        let follows: Bool
        /// What the pathway tells of an item beside the list; nil where it cannot be read: the page then promises nothing.
        let outlook: (ToDoItem) -> ItemOutlook?
        /// Whether anybody is told anything: the page then leads to how.
        var notifies = false
    }

    /// Seconds between two loads of a page that follows.
    private static let refreshInterval = 15

    let head: PageHead
    let flash: Flash?
    let follows: Bool
    /// When the list was read.
    let asOf: Moment
    let position: Int64
    /// The one contact shown everywhere.
    let referentName: String?
    let referentPhone: PhoneNumber?
    let sections: [Section]
    let isEmpty: Bool
    /// Leads to « Mes notifications », and to the stopped ones.
    let notifies: Bool
    let showsStopped: Bool

    init(_ list: ToDoList, _ surroundings: Surroundings) {
        let clock = FrenchClock(timeZone: list.timeZone, now: list.now)
        head = PageHead(
            title: "À faire",
            caller: surroundings.caller,
            refresh: surroundings.follows ? Self.refreshInterval : nil
        )
        flash = surroundings.flash
        follows = surroundings.follows
        asOf = clock.moment(list.now)
        position = list.position
        referentName = list.isReferent ? nil : list.referent?.name
        referentPhone = list.isReferent ? nil : list.referent?.phone.map(PhoneNumber.init)
        let drawn = ToDoList.Bucket.allCases.flatMap { bucket -> [Section] in
            let items = list.items(in: bucket)
            return [
                Section(bucket.anchor, bucket.frenchTitle, bucket.frenchHint, items.filter { !$0.isForTheTeam }, list, clock, surroundings),
                // What a team is asked for stands by itself: anybody of the team takes it.
                Section("votre-equipe", "Votre équipe", Self.teamHint, items.filter(\.isForTheTeam), list, clock, surroundings),
            ].compactMap(\.self)
        }
        notifies = surroundings.notifies
        showsStopped = surroundings.notifies && list.isReferent
        sections = drawn
        isEmpty = drawn.isEmpty
    }

    private static let teamHint = "Proposé à toute l’équipe : la première personne qui prend en devient responsable."
}

extension ToDoItem {
    /// Whether the reader is asked with their team.
    fileprivate var isForTheTeam: Bool { kind == .offered && team != nil }
}

extension ToDoPage.Section {
    /// Nil without items.
    fileprivate init?(
        _ id: String,
        _ title: String,
        _ hint: String?,
        _ items: [ToDoItem],
        _ list: ToDoList,
        _ clock: FrenchClock,
        _ surroundings: ToDoPage.Surroundings
    ) {
        guard !items.isEmpty else { return nil }
        self.init(id: id, title: title, count: items.count, hint: hint, cards: ToDoCard.cards(items, list: list, clock: clock, surroundings))
    }
}

extension ToDoList.Bucket {
    fileprivate var anchor: String {
        switch self {
        case .late: "en-retard"
        case .toAnswer: "a-accepter"
        case .today: "aujourdhui"
        case .upcoming: "a-venir"
        case .notices: "a-savoir"
        case .watching: "en-attente"
        case .onHold: "suspendu"
        }
    }

    fileprivate var frenchTitle: String {
        switch self {
        case .late: "En retard"
        case .toAnswer: "À accepter"
        case .today: "Aujourd’hui"
        case .upcoming: "À venir"
        case .notices: "À savoir"
        case .watching: "En attente d’une réponse"
        case .onHold: "En attente : réhospitalisation"
        }
    }

    fileprivate var frenchHint: String? {
        switch self {
        case .toAnswer: "Vous êtes libre de décliner : la demande continue alors son chemin."
        case .watching: "Personne n’a encore accepté : d’ici là, ces suivis sont sous votre responsabilité."
        case .onHold: "Rien à faire pour l’instant : ces suivis reprendront à la prochaine sortie."
        case .late, .today, .upcoming, .notices: nil
        }
    }
}
