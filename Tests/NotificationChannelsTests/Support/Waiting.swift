import Foundation
import Testing

/// Looks until something is there: a peer is another process, and nobody tells when it is done.
func eventually<Value>(_ what: String, within limit: Duration = .seconds(20), _ look: () async throws -> Value?) async throws -> Value {
    let end = ContinuousClock.now + limit
    while true {
        if let found = try await look() { return found }
        try #require(ContinuousClock.now < end, "still not there after \(limit): \(what)")
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// The content of a file, `nil` while there is none.
func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
}

/// A folder that is empty, and goes when the test ends.
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = NSTemporaryDirectory() + "channels-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
