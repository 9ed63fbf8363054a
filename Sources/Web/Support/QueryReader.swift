import Hummingbird
import Timekeeping

/// The parameters that reads have in common.
struct QueryReader {
    private let request: Request

    init(_ request: Request) { self.request = request }

    /// As sent; nil if absent or empty.
    func text(_ name: String) -> String? { request.query(name) }

    /// A position of the log.
    /// - Throws: `Problem` 400.
    func position(_ name: String = "position") throws(Problem) -> Int64? {
        guard let text = request.query(name) else { return nil }
        guard let position = Int64(text), position >= 0 else { throw .malformed(parameter: name, "must be a position of the log: 0 or more") }
        return position
    }

    /// An RFC 3339 instant. A `+` that was not escaped arrives as a space in some clients; both are read.
    /// - Throws: `Problem` 400.
    func instant(_ name: String) throws(Problem) -> Instant? {
        guard let text = request.query(name) else { return nil }
        guard let instant = Instant(rfc3339: text.replacing(" ", with: "+")) else {
            throw .malformed(parameter: name, "must be an RFC 3339 time, as 2026-11-22T08:30:00+01:00 (escape + as %2B)")
        }
        return instant
    }

    /// How many entries a page has: 1 to 500, 100 by default.
    /// - Throws: `Problem` 400.
    func limit() throws(Problem) -> Int {
        guard let text = request.query("limit") else { return 100 }
        guard let limit = Int(text), (1...500).contains(limit) else { throw .malformed(parameter: "limit", "must be 1 to 500") }
        return limit
    }

    /// Where the page before ended.
    /// - Throws: `Problem` 400.
    func cursor() throws(Problem) -> Cursor? {
        guard let text = request.query("cursor") else { return nil }
        guard let cursor = Cursor(text) else { throw .malformed(parameter: "cursor", "must be the `next` of the page before, unchanged") }
        return cursor
    }
}
