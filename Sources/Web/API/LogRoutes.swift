import Coordination
import EventStore
import Hummingbird
import Pathways
import Transparency

/// The log itself: how far it goes, and what proves it (C2SP tlog-tiles under `/api/v1/log`, `schemas/log.md`).
struct LogRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("log/head", use: head)
        guard let transparency = services.transparency else { return }
        router.get("log/checkpoint") { _, _ in Self.text(try transparency.checkpoints.current().note.bytes) }
        router.get("log/key.vkey") { _, _ in Self.text(Array("\(transparency.checkpoints.verifierKey)\n".utf8)) }
        router.get("log/tile/**") { request, context in try tile(request, context, transparency) }
        router.get("log/proof/inclusion") { request, _ in try inclusion(request, transparency) }
        router.get("log/proof/consistency") { request, _ in try consistency(request, transparency) }
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

    /// Full tiles never change, and say so to caches.
    private func tile(_ request: Request, _ context: WebContext, _ transparency: TransparencyServices) throws -> Response {
        let path = "tile/" + context.parameters.getCatchAll().joined(separator: "/")
        guard let tile = TileID(path: path) else { throw Problem.notFound }
        let bytes = try transparency.prover.resource(tile, upTo: services.coordinator.log.head().position)
        let cached = tile.width == TileID.fullWidth ? "public, max-age=31536000, immutable" : "no-cache"
        return Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream", .cacheControl: cached],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private func inclusion(_ request: Request, _ transparency: TransparencyServices) throws -> Response {
        let query = QueryReader(request)
        guard let position = try query.position(), position > 0 else { throw Problem.malformed(parameter: "position", "must name an event, from 1") }
        let size = try query.position("size") ?? services.coordinator.log.head().position
        let proof = try transparency.prover.inclusion(of: position, in: size)
        return JSONAnswer.response { json in
            json.write("position", proof.position)
            json.write("leafIndex", proof.position - 1)
            json.write("leafHash", proof.leafHash.hex)
            json.write("size", proof.tree.size)
            json.write("rootHash", proof.tree.rootHash.hex)
            json.write("proof", proof.path.map(\.hex))
        }
    }

    private func consistency(_ request: Request, _ transparency: TransparencyServices) throws -> Response {
        let query = QueryReader(request)
        guard let old = try query.position("from") else { throw Problem.malformed(parameter: "from", "must be the size of an earlier tree") }
        let size = try query.position("to") ?? services.coordinator.log.head().position
        let proof = try transparency.prover.consistency(from: old, to: size)
        return JSONAnswer.response { json in
            json.write("from", proof.old.size)
            json.write("fromRootHash", proof.old.rootHash.hex)
            json.write("to", proof.new.size)
            json.write("toRootHash", proof.new.rootHash.hex)
            json.write("proof", proof.path.map(\.hex))
        }
    }

    private static func text(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-cache"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
