import Coordination
import EventStore
import Hummingbird
import Pathways

/// The log itself: how far it goes, and its root.
struct LogRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("log/head", use: head)
    }

    @Sendable private func head(_ request: Request, _ context: WebContext) async throws -> Response {
        let log = services.coordinator.log
        let head = try log.head()
        return JSONAnswer.response { json in
            json.write("log", log.identity)
            json.write("position", head.position)
            json.write("treeSize", head.treeSize)
            json.write("rootHash", head.rootHash.hex)
            json.write("epoch", head.epoch)
        }
    }
}
