import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// For whoever watches over the process: alive, ready, and figures, of every territory that it serves.
struct HealthRoutes {
    private let sites: [TerritorySite]

    init(_ sites: [TerritorySite]) { self.sites = sites }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("healthz") { _, _ in JSONAnswer.response { $0.write("status", "alive") } }
        router.get("readyz") { _, _ in ready() }
        router.get("metrics") { _, _ in metrics() }
    }

    /// Where there are several, a check is named after its territory too.
    private func ready() -> Response {
        let checks = sites.flatMap { site in
            // One territory that cannot be read must not hide how the others are.
            let found =
                (try? site.services.readiness().checks) ?? [.init(name: "files", isReady: false, detail: "cannot be read; see the server's log")]
            return found.map { (name: sites.count > 1 ? "\(site.id)/\($0.name)" : $0.name, check: $0) }
        }
        let isReady = checks.allSatisfy(\.check.isReady)
        return JSONAnswer.response(isReady ? .ok : .serviceUnavailable) { json in
            json.write("status", isReady ? "ready" : "not-ready")
            json.write("checks", checks) { json, entry in
                json.write("name", entry.name)
                json.write("status", entry.check.isReady ? "ready" : "not-ready")
                json.write("lag", entry.check.lag)
                json.write("detail", entry.check.detail)
            }
        }
    }

    private func metrics() -> Response {
        let samples = sites.compactMap { try? Self.sample(of: $0) }
        // The same for all of them.
        let process = sites.first?.services.processFigures() ?? []
        return Response(
            status: .ok,
            headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: PrometheusText.metrics(samples, process: process)))
        )
    }

    private static func sample(of site: TerritorySite) throws -> PrometheusText.Sample {
        PrometheusText.Sample(
            territory: site.id,
            head: try site.services.coordinator.log.head(),
            views: try site.services.projections.status(),
            isAccepting: site.services.isAccepting?(),
            followers: try site.services.followers(),
            feed: try site.services.feed.status(now: site.services.time.now()),
            counted: site.services.figures()
        )
    }
}
