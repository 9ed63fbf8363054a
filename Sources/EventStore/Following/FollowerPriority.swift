#if canImport(Glibc)
    import Glibc
#endif

/// Followers may lag for a moment; an acknowledgement may not wait for them.
enum FollowerPriority {
    private static let niceness: Int32 = 10

    /// Has the system serve the calling thread after those that answer somebody. Only where the task runs at low priority: such tasks have
    /// threads of their own, which keep it.
    static func giveWay() {
        #if canImport(Glibc)
            guard Task.currentPriority <= .utility else { return }
            // On Linux, 0 is the calling thread. A system that refuses costs latency, nothing else.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #endif
    }
}
