import Foundation
import Notifications
import Testing
import Timekeeping

@Suite("Signs of life")
struct BeatTests {
    private static let now = Town.at("2026-11-17T14:00:00Z")

    @Test(
        "Given a sign of such an age, then two minutes of silence are told, of the future too",
        arguments: [
            (0, nil), (120_000, nil), (120_001, .stopped), (-120_000, nil), (-120_001, .fromTheFuture), (.max, .stopped), (.min, .fromTheFuture),
        ] as [(Int64, Watchdog.Silence.Kind?)]
    )
    func judgement(age: Int64, kind: Watchdog.Silence.Kind?) {
        let beat =
            age == .max
            ? Instant(millisecondsSinceEpoch: .min) : age == .min ? Instant(millisecondsSinceEpoch: .max) : Self.now.adding(milliseconds: -age)
        let silent = Watchdog(expected: ["dispatcher"]).silent(["dispatcher": beat, "other": beat], at: Self.now)
        #expect(silent.map(\.kind) == [kind].compactMap { $0 })
    }

    @Test func whoNeverBeatIsSilent() {
        #expect(Watchdog(expected: ["b", "a"]).silent([:], at: Self.now).map(\.name) == ["a", "b"])
    }

    @Test func aBeatIsWrittenEveryTenSecondsAtMostAndRead() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("beats-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(Beats.read(folder).isEmpty)
        let clock = DispatchClock(Self.now)
        let beat = BeatFile(directory: folder, name: "dispatcher", time: clock.source)
        try beat.beat()
        #expect(Beats.read(folder) == ["dispatcher": Self.now])
        clock.now = Self.now.adding(seconds: 9)
        try beat.beat()
        #expect(Beats.read(folder) == ["dispatcher": Self.now])
        clock.now = Self.now.adding(hours: -3)
        try beat.beat()
        #expect(Beats.read(folder) == ["dispatcher": clock.now])
        try Data("no instant".utf8).write(to: URL(fileURLWithPath: "\(folder)/beats/scheduler"))
        #expect(Beats.read(folder).count == 1)
    }

    @Test func whereNothingCanBeWrittenIsTold() {
        #expect(throws: (any Error).self) { try BeatFile(directory: "/nowhere/at/all", name: "dispatcher").beat() }
        #expect(throws: (any Error).self) { try BeatFile(directory: "/tmp", name: "../dispatcher").beat() }
    }
}
