#if os(Linux)
    import Foundation
    import Glibc
    import Testing

    @testable import Projections

    @Suite struct ViewFileTests {
        /// POSIX releases all locks of a process on a file when any of its descriptors is closed. Without them another program that reads the
        /// views takes itself for the last one, and deletes the WAL under the server.
        @Test func aSecondOpeningKeepsTheLocksOfTheFirst() throws {
            let directory = FileManager.default.temporaryDirectory.appendingPathComponent("views-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let file = ViewFile(directory: directory)
            let first = try file.openForWriting(logIdentity: "here")
            let second = try file.openForWriting(logIdentity: "here")
            #expect(try isShared(file.path))
            withExtendedLifetime((first, second)) {}
        }

        /// Whether SQLite's shared lock is held: asked as another program would, by a lock of an open file description, which those of this
        /// process stand against. The descriptor stays open: closing it would release them.
        private func isShared(_ path: String) throws -> Bool {
            let descriptor = open(path, O_RDWR | O_CLOEXEC)
            try #require(descriptor >= 0)
            var lock = flock()
            lock.l_type = Int16(F_WRLCK)
            lock.l_whence = Int16(SEEK_SET)
            (lock.l_start, lock.l_len) = (0x4000_0002, 510)  // SQLite's SHARED_FIRST and SHARED_SIZE
            let getLock: Int32 = 36  // F_OFD_GETLK
            try #require(fcntl(descriptor, getLock, &lock) == 0)
            return lock.l_type != Int16(F_UNLCK)
        }
    }
#endif
