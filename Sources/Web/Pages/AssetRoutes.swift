import Hummingbird

/// What pages need beside themselves.
struct AssetRoutes {
    func add(to router: some RouterMethods<WebContext>) {
        router.get("ressources/relais.css") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=31536000, immutable"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: Stylesheet.bytes))
            )
        }
    }
}
