/// What goes wrong with the machine, and what mends it.
enum Fault {
    case crash(CrashSwitch.Moment, countdown: Int)
    /// Milliseconds that the clock is ahead; 0 sets it right.
    case clock(Int64)
    /// Nothing runs for some minutes.
    case outage(minutes: Int)
    case schedulerStops(minutes: Int)
    case planningStops(minutes: Int)
    case timersLost
}
