import Pathways

/// What every page says around its own content.
struct PageHead: Sendable, Hashable {
    /// Who one is on this page.
    struct Badge: Sendable, Hashable {
        let name: String
        let role: String
    }

    let title: String
    let stylesheet: String
    /// Nil before one has said who one is.
    let caller: Badge?
    /// Seconds after which the page loads itself anew; nil = never.
    let refresh: Int?

    init(title: String, caller: Badge? = nil, refresh: Int? = nil) {
        self.title = title
        self.caller = caller
        self.refresh = refresh
        stylesheet = Stylesheet.path
    }
}
