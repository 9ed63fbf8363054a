import Pathways

/// The first page: who one is, and where to go.
struct HomePage: PageModel, Hashable {
    static let template = PageTemplate.home

    /// People of one role.
    struct Group: Sendable, Hashable {
        let role: String
        let accounts: [Account]
    }

    struct Account: Sendable, Hashable {
        let rpps: String
        let name: String
    }

    let head: PageHead
    let flash: Flash?
    let territory: String?
    let groups: [Group]
    /// Demonstration accounts are offered.
    let isDemonstration: Bool

    init(territory: Territory?, accounts: [DemoAccount], caller: PageHead.Badge?, flash: Flash?) {
        head = PageHead(title: "Qui êtes-vous ?", caller: caller)
        self.flash = flash
        self.territory = territory?.name
        var roles: [CareRole] = []
        for account in accounts where !roles.contains(account.role) { roles.append(account.role) }
        groups = roles.map { role in
            Group(role: role.frenchHeading, accounts: accounts.filter { $0.role == role }.map { Account(rpps: $0.rpps, name: $0.name) })
        }
        isDemonstration = !accounts.isEmpty
    }
}
