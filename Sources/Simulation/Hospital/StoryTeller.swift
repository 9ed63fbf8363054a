import Pathways
import Timekeeping

/// Makes up visits: what happens at the bedside, and what the hospital's system will say of it, slips of the pen included.
struct StoryTeller {
    /// What a visit is.
    private enum Kind: CaseIterable {
        case planned, unplanned, throughEmergency, emergencyOnly
    }

    private static let kinds = [0.42, 0.34, 0.10, 0.14]

    let habits: HospitalHabits
    let hospital: Hospital

    /// - Parameter arrival: when it becomes known: a patient comes, or is announced.
    /// - Returns: what is said of it, each with the instant at which it is typed in.
    func visit(_ unit: MedicalUnit, arrival: Instant, using random: inout SplitMix64) -> [HospitalStatement] {
        var story = StoryDraft(unit: unit, random: random.branch())
        switch Kind.allCases[random.weighted(Self.kinds)] {
        case .planned:
            let day = ParisTime.reading(arrival).day + random.between(2, 15)
            let admission = ParisTime.instant(day: day, minute: random.between(7 * 60, 11 * 60))
            story.say(.preadmission, at: arrival, expectedAt: admission)
            if random.chance(habits.calledOff) {
                story.takeBackLast(hours: 2...30)
                break
            }
            story.say(.admission, at: admission)
            if random.chance(habits.admissionsTakenBack) {
                story.takeBackLast(hours: 1...3)
            } else {
                stay(&story, from: admission, isShort: random.chance(0.35), using: &random)
            }
        case .unplanned:
            story.say(.admission, at: arrival)
            if random.chance(habits.admissionsTakenBack) {
                story.takeBackLast(hours: 1...3)
            } else {
                stay(&story, from: arrival, isShort: false, using: &random)
            }
        case .throughEmergency:
            story.say(.registration, at: arrival)
            let change = arrival.adding(minutes: Int64(random.between(90, 600)))
            story.say(.changeToInpatient, at: change)
            stay(&story, from: change, isShort: false, using: &random)
        case .emergencyOnly:
            story.say(.registration, at: arrival)
            story.say(.discharge, at: arrival.adding(minutes: Int64(random.between(60, 480))), exit: .home)
        }
        return story.statements
    }

    /// From the patient's being in to their leaving, and what is put right afterwards.
    private func stay(_ story: inout StoryDraft, from admission: Instant, isShort: Bool, using random: inout SplitMix64) {
        let hours = isShort ? random.between(5.0, 9.0) : max(14, random.logNormal(median: 80, spread: 0.75))
        let leaving = Self.towardsDay(admission.adding(minutes: Int64(hours * 60)), using: &random)
        let length = leaving.milliseconds(since: admission)
        func part(_ share: Double) -> Instant { admission.adding(milliseconds: Int64(Double(length) * share)) }
        let days = Double(length) / 86_400_000
        if days > 1, random.chance(habits.transfers), let unit = random.pick(hospital.units) {
            story.move(to: unit, at: part(0.3))
            if random.chance(0.08) { story.takeBackLast(hours: 1...6) }
        }
        if days > 5, random.chance(habits.leaves) {
            story.say(.leave, at: part(0.45))
            story.say(.leaveReturn, at: part(0.45).adding(hours: Int64(random.between(6, 26))))
        }
        if days > 1.5, random.chance(habits.announced) {
            let announced = leaving.adding(hours: -Int64(random.between(18, 34)))
            story.say(.dischargeAnnouncement, at: announced, expectedAt: random.chance(0.85) ? leaving : leaving.adding(days: 1))
            if random.chance(0.06) {
                story.takeBackLast(hours: 1...4)
                story.say(.dischargeAnnouncement, at: announced.adding(hours: 8), expectedAt: leaving)
            }
        }
        leave(&story, at: leaving, using: &random)
    }

    private func leave(_ story: inout StoryDraft, at leaving: Instant, using random: inout SplitMix64) {
        let exit = story.unit.protocols.contains("maternity") ? .home : HospitalExit.allCases[random.weighted(habits.exits)]
        story.say(.discharge, at: leaving, exit: exit)
        if exit == .death { return }
        if random.chance(habits.dischargesTakenBack) {
            story.takeBackLast(hours: 1...8)
            let later = Self.towardsDay(leaving.adding(hours: Int64(random.between(20, 70))), using: &random)
            story.say(.discharge, at: later, exit: exit)
        } else if random.chance(habits.dischargesCorrected) {
            let other = random.chance(0.4) ? random.pick([HospitalExit.home, .smr, .ehpad, .home]) ?? exit : exit
            story.correctLast(at: leaving.adding(minutes: -Int64(random.between(10, 150))), exit: other, hours: 2...30)
        } else if random.chance(habits.sameVisitReturns) {
            let back = leaving.adding(hours: Int64(random.between(4, 72)))
            story.say(.admission, at: back)
            story.say(.discharge, at: Self.towardsDay(back.adding(hours: Int64(random.between(30, 120))), using: &random), exit: .home)
        }
    }

    /// People leave between ten and five.
    private static func towardsDay(_ instant: Instant, using random: inout SplitMix64) -> Instant {
        let reading = ParisTime.reading(instant)
        if (600..<1_080).contains(reading.minute) { return instant }
        return ParisTime.instant(day: reading.day + (reading.minute >= 1_080 ? 1 : 0), minute: random.between(600, 1_020))
    }
}
