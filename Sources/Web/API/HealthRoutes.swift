import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections

/// For whoever watches over the process: alive, ready, and figures.
struct HealthRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("healthz") { _, _ in JSONAnswer.response { $0.write("status", "alive") } }
        router.get("readyz") { _, _ in try ready() }
        router.get("metrics") { _, _ in try metrics() }
    }

    private func ready() throws -> Response {
        let readiness = try services.readiness()
        return JSONAnswer.response(readiness.isReady ? .ok : .serviceUnavailable) { json in
            json.write("status", readiness.isReady ? "ready" : "not-ready")
            json.write("checks", readiness.checks) { json, check in
                json.write("name", check.name)
                json.write("status", check.isReady ? "ready" : "not-ready")
                json.write("lag", check.lag)
                json.write("detail", check.detail)
            }
        }
    }

    private func metrics() throws -> Response {
        let text = PrometheusText.metrics(
            head: try services.coordinator.log.head(),
            views: try services.projections.status(),
            feed: try services.feed.status()
        )
        return Response(
            status: .ok,
            headers: [.contentType: PrometheusText.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
