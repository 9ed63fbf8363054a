#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs a shell command for its output, in a process group of its own that is killed when it takes too long.
struct MasterKeyCommand {
    let text: String
    let limit: Duration

    private static let complaintLimit = 400
    /// Milliseconds between two looks at a process that has closed its output and not ended.
    private static let pause: Int32 = 5

    /// What the command writes to standard output.
    ///
    /// - Throws: ``SealingError`` `masterKeyUnavailable` if it cannot be started, fails, takes too long or writes too much.
    func output() throws -> [UInt8] {
        // Pacing only: how long a child process may take is no fact that anything records.
        let deadline = ContinuousClock.now + limit
        let output = try Pipe()
        let complaint = try Pipe()
        let child = try start(output, complaint)
        output.closeWriting()
        complaint.closeWriting()
        do {
            try drain(output, complaint, until: deadline)
            let status = try wait(for: child, until: deadline)
            guard status == 0 else { throw failure("ended with \(Self.name(ofStatus: status))", complaint) }
        } catch {
            // The whole group: a shell that is killed leaves its children behind.
            kill(-child, SIGKILL)
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            throw error
        }
        return output.received
    }

    private func start(_ output: Pipe, _ complaint: Pipe) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, complaint.writing, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A server blocks the signals it handles; its children must not inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = ["sh", "-c", text].map { (argument: String) in strdup(argument) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let result = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, environ)
        guard result == 0 else {
            throw SealingError(.masterKeyUnavailable, "The master key command could not be started (errno \(result)).")
        }
        return child
    }

    private func drain(_ output: Pipe, _ complaint: Pipe, until deadline: ContinuousClock.Instant) throws {
        while output.isOpen || complaint.isOpen {
            let left = Self.milliseconds(until: deadline)
            guard left > 0 else { throw failure("took longer than \(limit)", complaint) }
            let pipes = [output, complaint].filter(\.isOpen)
            var polled = pipes.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
            guard poll(&polled, nfds_t(polled.count), left) >= 0 || errno == EINTR else {
                throw failure("could not be read (errno \(errno))", complaint)
            }
            for (pipe, state) in zip(pipes, polled) where state.revents != 0 { pipe.receive() }
            guard output.received.count <= MasterKeySource.sizeLimit else { throw failure("wrote more than a key", complaint) }
        }
    }

    private func wait(for child: pid_t, until deadline: ContinuousClock.Instant) throws -> Int32 {
        var status: Int32 = 0
        while true {
            let result = waitpid(child, &status, WNOHANG)
            if result == child { return status }
            guard result == 0 || errno == EINTR else {
                throw SealingError(.masterKeyUnavailable, "The master key command was lost sight of (errno \(errno)).")
            }
            guard Self.milliseconds(until: deadline) > 0 else {
                throw SealingError(.masterKeyUnavailable, "The master key command took longer than \(limit).")
            }
            poll(nil, 0, Self.pause)
        }
    }

    private func failure(_ what: String, _ complaint: Pipe) -> SealingError {
        let said = String(decoding: complaint.received.prefix(Self.complaintLimit), as: UTF8.self)
        let words = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return SealingError(.masterKeyUnavailable, "The master key command \(what)\(words.isEmpty ? "." : "; it said: \(words)")")
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = deadline - .now
        guard left > .zero else { return 0 }
        return Int32(min(left / .milliseconds(1), 60_000)) + 1
    }

    private static func name(ofStatus status: Int32) -> String {
        status & 0x7F == 0 ? "status \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
    }
}

extension MasterKeyCommand {
    /// A pipe that a child writes to.
    private final class Pipe {
        let reading: Int32
        private(set) var writing: Int32
        private(set) var isOpen = true
        private(set) var received: [UInt8] = []

        /// Bytes kept; what comes beyond is read and dropped.
        private static let limit = 65_536

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0, let reading = ends.first, let writing = ends.last else {
                throw SealingError(.masterKeyUnavailable, "No pipe for the master key command (errno \(errno)).")
            }
            // The child gets copies at its standard descriptors, which this does not concern.
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            self.reading = reading
            self.writing = writing
        }

        deinit {
            close(reading)
            closeWriting()
        }

        func closeWriting() {
            guard writing >= 0 else { return }
            close(writing)
            writing = -1
        }

        /// Takes what is there; the end of it closes the pipe.
        func receive() {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(reading, &buffer, buffer.count)
            if count > 0 {
                if received.count < Self.limit { received += buffer.prefix(count) }
            } else if count == 0 || errno != EINTR {
                isOpen = false
            }
        }
    }
}
