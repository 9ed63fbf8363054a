import Pathways
import Timekeeping

/// The hospitals of the territory: who comes, what happens to them, what is said of it.
struct HospitalModel {
    /// What is said at an instant.
    enum Saying {
        case statement(visit: Int, HospitalStatement)
        case merge(person: Int)
        /// The ward applies its protocol.
        case applies(visit: Int, protocolID: String, by: String)
    }

    let territory: Territory
    let habits: HospitalHabits
    var registry: Registry
    private let tellers: [StoryTeller]
    private let senders: [HospitalSender]
    private let inhabitants: Int
    private let protocols: Set<String>
    private var random: SplitMix64
    private var controlIDs = 0

    /// - Parameter protocols: ids of those in force.
    init(_ territory: SyntheticTerritory, protocols: Set<String>, habits: HospitalHabits, random: SplitMix64) {
        self.protocols = protocols
        self.territory = territory.territory
        self.habits = habits
        self.random = random
        inhabitants = territory.inhabitants
        let sending = territory.territory.hospitals.filter { HospitalSender(of: $0) != nil && !$0.units.isEmpty }
        tellers = sending.map { StoryTeller(habits: habits, hospital: $0) }
        senders = sending.compactMap { HospitalSender(of: $0) }
        registry = Registry(hospitals: sending.count)
    }

    // MARK: - Who comes

    /// The visits that become known on a day, with all that will be said of them.
    mutating func arrivals(on day: Int) -> [(saying: Saying, at: Instant)] {
        let date = CivilDate(daysSinceEpoch: day)
        let dayOfYear = day - (CivilDate(year: date.year, month: 1, day: 1)?.daysSinceEpoch ?? day)
        // Coldest in the middle of January; a triangle wave does for a season.
        let distance = abs(Double((dayOfYear + 350) % 365) - 182.5) / 182.5
        let season = 1 + habits.seasonality * (2 * distance - 1)
        let weekday = [1.2, 1.15, 1.1, 1.1, 1.15, 0.7, 0.6][ParisTime.weekday(ofDay: day)]
        let mean = Double(inhabitants) * habits.visitsPerYear / 365 * season * weekday / Double(max(tellers.count, 1))
        var sayings: [(Saying, Instant)] = []
        for hospital in tellers.indices {
            for _ in 0..<random.poisson(mean) {
                sayings += arrival(at: hospital, ParisTime.instant(day: day, minute: random.below(1_440)))
            }
        }
        return sayings
    }

    private mutating func arrival(at hospital: Int, _ instant: Instant) -> [(saying: Saying, at: Instant)] {
        guard let unit = random.pick(tellers[hospital].hospital.units) else { return [] }
        var sayings: [(Saying, Instant)] = []
        let person: Int
        if random.chance(habits.returning), let known = registry.returning(to: hospital, at: instant, using: &random) {
            person = known
        } else {
            person = newPerson(at: hospital, unit, instant)
            if registry[person: person].survivor != nil {
                sayings.append((.merge(person: person), instant.adding(minutes: Int64(random.between(600, 12_000)))))
            }
        }
        let visit = registry.open(number: "V\(registry.visits.count + 1)", of: person)
        let statements = tellers[hospital].visit(unit, arrival: instant, using: &random)
        for statement in statements { sayings.append((.statement(visit: visit, statement), statement.statedAt)) }
        if let last = statements.last {
            if let id = last.unit.protocols.first, protocols.contains(id), let contact = last.unit.contact, last.exit == .home,
                random.chance(habits.protocolsApplied)
            {
                let at = last.at.adding(minutes: Int64(random.between(30, 240)))
                sayings.append((.applies(visit: visit, protocolID: id, by: contact.value), at))
            }
            let latest = statements.map { max($0.at, $0.statedAt) }.max() ?? instant
            registry[person: person].busyUntil = max(registry[person: person].busyUntil, latest)
        }
        if statements.contains(where: { $0.exit == .death }) { registry[person: person].isDead = true }
        return sayings
    }

    private mutating func newPerson(at hospital: Int, _ unit: MedicalUnit, _ instant: Instant) -> Int {
        let number = "P\(registry.people.count + 1)"
        var patient = FictionalPatient(number: number, at: unit, in: territory, using: &random)
        let isMerged = random.chance(habits.merged)
        if isMerged { patient.number = "\(number)D" }
        return registry.add(Registry.Person(patient: patient, hospital: hospital, busyUntil: instant, survivor: isMerged ? number : nil))
    }

    // MARK: - What is written

    /// The message of a statement, entered into the hospital's own book.
    mutating func write(_ statement: HospitalStatement, of visit: Int) -> Letter {
        registry.change(visit: visit) { $0.enter(statement) }
        let book = registry.visits[visit]
        let control = nextControlID()
        let person = registry[person: book.person]
        let bytes = HospitalMessage(from: senders[book.hospital])
            .movement(statement, of: person.patient, visit: book.number, controlID: control)
        return Letter(controlID: control, bytes: bytes, person: book.person, visit: visit)
    }

    /// Nil if they were never two.
    mutating func writeMerge(of index: Int, at instant: Instant) -> Letter? {
        var person = registry[person: index]
        guard let survivor = person.survivor else { return nil }
        let retired = person.patient.number
        person.patient.number = survivor
        person.survivor = nil
        registry[person: index] = person
        let control = nextControlID()
        let bytes = HospitalMessage(from: senders[person.hospital])
            .merge(retired, into: person.patient, statedAt: instant, controlID: control)
        return Letter(controlID: control, bytes: bytes, person: index, visit: nil)
    }

    private mutating func nextControlID() -> String {
        controlIDs += 1
        return "SIM\(controlIDs)"
    }

    /// As numbers of a visit are scoped: by the universal id.
    func visitIdentifier(_ visit: Int) -> LocalIdentifier {
        let book = registry.visits[visit]
        return LocalIdentifier(authority: senders[book.hospital].finess, value: book.number)
    }
}
