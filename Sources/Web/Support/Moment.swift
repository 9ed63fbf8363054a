/// A time on a page: as people read it, and as `<time datetime>` states it.
struct Moment: Sendable, Hashable {
    let text: String
    /// RFC 3339.
    let machine: String
}
