import Notifications
import Testing
import Timekeeping

/// When somebody is woken.
struct WatchdogAlarmTests {
    private let start = Instant(millisecondsSinceEpoch: 1_772_000_000_000)

    @Test func itTellsOnceThenEveryHourThenThatItIsOver() {
        var alarm = WatchdogAlarm(patience: 120_000, startedAt: start)
        let told = (0...150).map { minute in
            // Silent from the tenth minute to the hundred and thirtieth.
            alarm.step(isSilent: (10..<130).contains(minute), at: start.adding(minutes: Int64(minute)))
        }
        #expect(told.indices.filter { told[$0] == .alert } == [10, 70])
        #expect(told.indices.filter { told[$0] == .recover } == [130])
    }

    @Test func whatIsStartingHasItsTime() {
        var alarm = WatchdogAlarm(patience: 120_000, startedAt: start)
        #expect(alarm.step(isSilent: true, at: start.adding(milliseconds: 119_000)) == .nothing)
        #expect(alarm.step(isSilent: false, at: start.adding(milliseconds: 119_500)) == .nothing)
        #expect(alarm.step(isSilent: true, at: start.adding(milliseconds: 120_000)) == .alert)
    }

    /// A clock that was set back must not buy silence.
    @Test func aClockSetBackTellsOnceMore() {
        var alarm = WatchdogAlarm(patience: 120_000, startedAt: start)
        #expect(alarm.step(isSilent: true, at: start.adding(minutes: 5)) == .alert)
        #expect(alarm.step(isSilent: true, at: start.adding(minutes: -300)) == .alert)
        #expect(alarm.step(isSilent: true, at: start.adding(minutes: -299)) == .nothing)
    }
}
