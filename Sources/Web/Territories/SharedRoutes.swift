import Hummingbird
import Intake
import Projections

/// What belongs to no single territory: which ones there are, whether all are well, and the messages of hospitals that send to several.
struct SharedRoutes {
    private let sites: [TerritorySite]
    private let pages: PageRenderer
    private let receive: @Sendable ([UInt8]) async -> IntakeReply

    init(_ sites: [TerritorySite], _ pages: PageRenderer, receive: @escaping @Sendable ([UInt8]) async -> IntakeReply) {
        self.sites = sites
        self.pages = pages
        self.receive = receive
    }

    func add(to router: Router<WebContext>) {
        router.get("/") { request, _ in
            let authority = request.head.authority ?? ""
            let port = authority.dropFirst(OriginGuard.host(of: authority).count)
            return pages.response(TerritoriesPage(sites, port: String(port)))
        }
        MessageRoutes(receive: receive).add(to: router.group("/api/v1"))
        HealthRoutes(sites).add(to: router)
        AssetRoutes().add(to: router)
    }
}
