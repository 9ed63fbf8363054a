#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lines on standard output, each in one write: what was said is out even if the process is killed right after.
enum Output {
    static func line(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        _ = write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// A line that begins with milliseconds of the machine's monotonic clock.
    static func event(_ text: String) {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        line("\(Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000) \(text)")
    }

    static func exit(_ status: Int32) -> Never {
        #if canImport(Glibc)
            Glibc.exit(status)
        #else
            Darwin.exit(status)
        #endif
    }
}
