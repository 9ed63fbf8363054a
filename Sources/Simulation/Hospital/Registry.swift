import Pathways
import Timekeeping

/// Everybody who ever came to a hospital, and the hospital's own book of their visits.
struct Registry {
    struct Person {
        var patient: FictionalPatient
        let hospital: Int
        var visits: [Int] = []
        /// Messages about them on their way: until all have arrived, nothing is to be expected.
        var outstanding = 0
        /// When the last that is known of them will be said.
        var busyUntil: Instant
        var isDead = false
        /// The number under which they are to be found once two are merged.
        var survivor: String?
    }

    private(set) var people: [Person] = []
    private(set) var visits: [VisitBook] = []
    /// Of each hospital: who came lately, the last first to come back.
    private var recent: [[Int]]

    init(hospitals: Int) { recent = Array(repeating: [], count: hospitals) }

    subscript(person index: Int) -> Person {
        get { people[index] }
        set { people[index] = newValue }
    }

    /// In place: a book that is taken out and put back is copied.
    mutating func change(visit index: Int, _ change: (inout VisitBook) -> Void) { change(&visits[index]) }

    mutating func add(_ person: Person) -> Int {
        people.append(person)
        return people.count - 1
    }

    mutating func open(number: String, of person: Int) -> Int {
        visits.append(VisitBook(number: number, person: person, hospital: people[person].hospital))
        people[person].visits.append(visits.count - 1)
        let hospital = people[person].hospital
        recent[hospital].append(person)
        if recent[hospital].count > 400 { recent[hospital].removeFirst(200) }
        return visits.count - 1
    }

    /// Somebody who may come again: known, alive, not in hospital then.
    func returning(to hospital: Int, at instant: Instant, using random: inout SplitMix64) -> Int? {
        guard let person = random.pick(recent[hospital]), !people[person].isDead, people[person].busyUntil < instant else { return nil }
        return person
    }

    /// Whether a person is known to be dead, by any visit.
    func isDead(_ person: Int) -> Bool {
        people[person].visits.contains { index in
            let standing = visits[index].standing
            return standing.status == .discharged && standing.exit == .death
        }
    }
}
