import Pathways
import Projections
import Timekeeping

/// One patient's follow-ups in one bucket: a card. Somebody who is asked only because they cover the commune sees no identity.
struct ToDoCard: Sendable, Hashable {
    /// Name, or where the patient lives.
    let heading: String
    let isNamed: Bool
    let identity: String?
    let phone: PhoneNumber?
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
            let group = Group(pathway: item.pathway, isNamed: item.patient != nil)
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
    }

    private init(first: ToDoItem, _ items: [ToDoItem], list: ToDoList, clock: FrenchClock, _ surroundings: ToDoPage.Surroundings) {
        let patient = first.patient
        let place = first.commune ?? "commune à préciser"
        heading = patient.map { $0.displayName.isEmpty ? "Identité à préciser" : $0.displayName } ?? "Patient·e, \(place)"
        isNamed = patient != nil
        identity = patient.map {
            PatientWords.identity(birthDate: $0.birthDate, sex: $0.sex, birthName: $0.usedFamilyName == nil ? nil : $0.birthFamilyName)
        }
        phone = patient?.phone.map(PhoneNumber.init)
        address = patient.flatMap { PatientWords.address(line: $0.address, postalCode: $0.postalCode, city: $0.city) }
        commune = first.commune
        let left = first.dischargedAt.map { "sortie \(clock.text($0))" }
        let words = [first.unit, left].compactMap(\.self).joined(separator: ", ")
        hospital = words.isEmpty ? nil : words
        link = patient == nil ? nil : "/parcours/\(first.pathway)"
        rows = items.map { ToDoRow($0, list: list, clock: clock, surroundings) }
    }
}
