import Testing
import Timekeeping

@testable import Notifications

/// When a dispatcher can do nothing, and when everybody is to be looked at.
struct DispatchShiftTests {
    private let start = Instant(millisecondsSinceEpoch: 1_772_000_000_000)

    @Test func givenFailuresWhenTheyLastForMoreThanAMinuteThenItIsHelplessUntilSomethingIsKept() {
        var shift = DispatchShift(width: 1, began: start)
        for second in [0, 30, 60] as [Int64] {
            _ = shift.fail(at: start.adding(seconds: second), chance: 1)
            // Reading works: those with whom it failed are still due.
            shift.add(["a"], isAll: true)
            #expect(!shift.isHelpless(at: start.adding(seconds: second)))
        }
        #expect(shift.isHelpless(at: start.adding(seconds: 61)))
        _ = shift.start(at: start.adding(seconds: 61))
        _ = shift.handle(.ended("a", .rested(until: nil)))
        #expect(!shift.isHelpless(at: start.adding(seconds: 61)) && shift.failures == 0)
    }

    @Test(arguments: [(0, false), (-4_000, false), (-6_000, true), (-600_000_000, true)] as [(Int64, Bool)])
    func givenAClockWhenItIsSetBackThenAllAreToBeLookedAt(by milliseconds: Int64, isSetBack: Bool) {
        var shift = DispatchShift(width: 1, began: start)
        #expect(shift.mustLookAtAll)
        shift.turn(at: start)
        shift.lookedAtAll()
        shift.turn(at: start.adding(milliseconds: milliseconds))
        #expect(shift.mustLookAtAll == isSetBack)
    }
}
