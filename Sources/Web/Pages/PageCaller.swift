import Coordination
import Hummingbird
import Pathways

/// Who looks at a page, by the cookie that the home page set: their own word, checked against the directory.
struct PageCaller: Sendable {
    static let cookie = "relais-acteur"

    let caller: Caller
    let badge: PageHead.Badge

    var rpps: String { caller.attribution.rpps }
    var isReferent: Bool { caller.attribution.capacity == .referent }
    var isHospital: Bool { caller.attribution.capacity == .hospital }

    /// - Throws: `CallerError` for somebody whom the directory does not hold.
    init(rpps: String, in state: TerritoryState) throws(CallerError) {
        caller = try Caller(urn: rpps, in: state)
        let professional = (try? RPPS(rpps)).flatMap { state.territory?.professional($0) }
        let referent = state.territory?.referent
        let isReferent = caller.attribution.capacity == .referent
        badge = PageHead.Badge(
            name: isReferent ? referent?.name ?? "" : professional?.fullName ?? "",
            role: (isReferent ? CareRole.referent : professional?.role ?? .referent).frenchName
        )
    }

    /// How offers to them are written: their RPPS, and the teams that they belong to.
    func addresses(in territory: Territory?) -> Set<String> {
        let teams = (territory?.teams ?? []).filter { team in team.members.contains { $0.value == rpps } }
        return Set([rpps] + teams.map { Addressee.team($0.id).rawValue })
    }

    /// - Throws: `SeeOther` to the home page for whoever has not said who they are.
    static func of(_ request: Request, _ services: WebServices) throws -> PageCaller {
        guard let rpps = request.cookies[cookie]?.value else { throw SeeOther("/", .whoAreYou) }
        do {
            return try PageCaller(rpps: rpps, in: try services.territory())
        } catch is CallerError {
            throw SeeOther("/", .unknownPerson)
        }
    }

    /// The cookie that says who one is, until the browser is closed.
    static func setCookie(_ rpps: RPPS) -> Cookie {
        Cookie(name: cookie, value: rpps.value, path: "/", httpOnly: true, sameSite: .strict)
    }
}
