import Foundation
import Hummingbird
import Pathways

/// JSON as the API answers it: the same value gives the same bytes.
enum JSONAnswer {
    static let contentType = "application/json; charset=utf-8"

    static func response(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], bytes: [UInt8]) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func response(_ status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], _ body: (inout JSONWriter) -> Void) -> Response {
        response(status, headers: headers, bytes: JSONWriter.object(body))
    }

    static func response(_ status: HTTPResponse.Status = .ok, encoding value: some Encodable) throws -> Response {
        response(status, bytes: try bytes(encoding: value))
    }

    /// On one line.
    static func bytes(encoding value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
