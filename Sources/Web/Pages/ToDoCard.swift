import FrenchText
import Pathways
import Projections
import Timekeeping

/// One patient's follow-ups in one bucket: a card. Somebody who is asked only because they cover the commune sees no identity, and nobody does
/// while the patient opposes.
struct ToDoCard: Sendable, Hashable {
    /// Name, or where the patient lives, or that who they are is masked.
    let heading: String
    let isNamed: Bool
    /// At the patient's request: accepting does not show the identity either.
    let isMasked: Bool
    let identity: String?
    let phone: PhoneNumber?
    /// While the identity is masked, the commune alone.
    let address: String?
    let commune: String?
    /// « Cardiologie, sortie sam. 21 nov., 14 h 30 ».
    let hospital: String?
    /// The pathway's page; nil before one may see it.
    let link: String?
    let rows: [ToDoRow]

    /// The cards of a bucket, in the order of their first item.
    static func cards(_ items: [ToDoItem], list: ToDoList, clock: FrenchClock, _ surroundings: ToDoPage.Surroundings) -> [ToDoCard] {
        var order: [Group] = []
        var groups: [Group: [ToDoItem]] = [:]
        for item in items {
            let group = Group(pathway: item.pathway, isNamed: item.patient != nil, isOpen: Self.isOpen(item))
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(item)
        }
        return order.compactMap { group in
            groups[group].flatMap { items in items.first.map { ToDoCard(first: $0, items, list: list, clock: clock, surroundings) } }
        }
    }

    /// A follow-up whose patient is shown never stands on a card with one whose patient is not.
    private struct Group: Hashable {
        let pathway: String
        let isNamed: Bool
        let isOpen: Bool
    }

    /// Whether the reader may see the pathway's page: masking closes no page.
    private static func isOpen(_ item: ToDoItem) -> Bool { item.patient != nil || item.isReadersPatient }

    private init(first: ToDoItem, _ items: [ToDoItem], list: ToDoList, clock: FrenchClock, _ surroundings: ToDoPage.Surroundings) {
        let patient = first.patient
        let place = first.commune ?? "commune à préciser"
        isMasked = first.isIdentityMasked
        isNamed = patient != nil
        heading =
            isMasked
            ? Sentence.maskedIdentity
            : patient.map { $0.displayName.isEmpty ? "Identité à préciser" : $0.displayName } ?? "Patient·e, \(place)"
        identity = patient.map {
            PatientWords.identity(birthDate: $0.birthDate, sex: $0.sex, birthName: $0.usedFamilyName == nil ? nil : $0.birthFamilyName)
        }
        phone = patient?.phone.map(PhoneNumber.init)
        address =
            isMasked
            ? items.lazy.compactMap(\.commune).first
            : patient.flatMap { PatientWords.address(line: $0.address, postalCode: $0.postalCode, city: $0.city) }
        commune = first.commune
        let left = first.dischargedAt.map { "sortie \(clock.text($0))" }
        let words = [first.unit, left].compactMap(\.self).joined(separator: ", ")
        hospital = words.isEmpty ? nil : words
        link = Self.isOpen(first) ? "/parcours/\(first.pathway)" : nil
        rows = items.map { ToDoRow($0, list: list, clock: clock, surroundings) }
    }
}
