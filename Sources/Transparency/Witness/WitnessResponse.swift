/// What a witness answers to `add-checkpoint`: an HTTP status and body.
public struct WitnessResponse: Sendable, Hashable {
    public var status: Int
    public var contentType: String
    public var body: [UInt8]

    public init(status: Int, contentType: String = "text/plain; charset=utf-8", body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// The type of a body that tells the size cosigned last.
    public static let sizeType = "text/x.tlog.size"

    init(status: Int, text: String) {
        self.init(status: status, body: Array("\(text)\n".utf8))
    }

    /// 409: the client must prove from `size`.
    static func conflict(size: Int64) -> WitnessResponse {
        WitnessResponse(status: 409, contentType: sizeType, body: Array("\(size)\n".utf8))
    }
}
