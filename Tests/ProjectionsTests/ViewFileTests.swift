import Foundation
import Testing

@testable import Projections

@Suite struct ViewFileTests {
    /// POSIX releases all locks of a process on a file when any of its descriptors is closed. Without them another program that reads the
    /// views takes itself for the last one, and deletes the WAL under the server.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/locks"), "only Linux tells which locks are held"))
    func aSecondOpeningKeepsTheLocksOfTheFirst() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("views-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = ViewFile(directory: directory)
        let first = try file.openForWriting(logIdentity: "here")
        let second = try file.openForWriting(logIdentity: "here")
        try withExtendedLifetime((first, second)) {
            let facts = try FileManager.default.attributesOfItem(atPath: file.path)
            let inode = try #require(facts[.systemFileNumber] as? UInt64)
            func isHeld() throws -> Bool {
                let locks = try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n")
                return locks.contains { $0.contains(" \(ProcessInfo.processInfo.processIdentifier) ") && $0.contains(":\(inode) ") }
            }
            // A reading of the list misses lines while other tests change it.
            #expect(try (0..<50).contains { _ in try isHeld() })
        }
    }
}
