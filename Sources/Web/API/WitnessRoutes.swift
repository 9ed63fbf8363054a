import Hummingbird
import Transparency

/// Co-signing the checkpoints of neighbours (C2SP tlog-witness). Whoever asks is believed on their signature, so no actor is named.
struct WitnessRoutes {
    private static let bodyLimit = 64 * 1_024

    private let transparency: TransparencyServices

    init(_ transparency: TransparencyServices) { self.transparency = transparency }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("witness/add-checkpoint") { request, _ in
            let answer = try transparency.witness(try await request.bytes(upTo: Self.bodyLimit))
            return Response(
                status: .init(code: answer.status),
                headers: [.contentType: answer.contentType],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
            )
        }
    }
}
