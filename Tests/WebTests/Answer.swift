import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

/// What came back.
struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let bytes: [UInt8]

    init(_ response: TestResponse) {
        status = Int(response.status.code)
        headers = Dictionary(response.headers.map { ($0.name.canonicalName, $0.value) }) { first, _ in first }
        bytes = Array(response.body.readableBytesView)
    }

    /// With plain spaces in the place of no-break ones.
    var text: String { String(decoding: bytes, as: UTF8.self).replacing("\u{A0}", with: " ") }

    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any], "\(text)")
    }

    func string(_ member: String) throws -> String { try #require(try json()[member] as? String, "\(text)") }

    func integer(_ member: String) throws -> Int { try #require(try json()[member] as? Int, "\(text)") }

    func list(_ member: String) throws -> [[String: Any]] { try #require(try json()[member] as? [[String: Any]], "\(text)") }

    /// Expects a problem document.
    func expectProblem(_ status: Int, _ code: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(self.status == status, "\(text)", sourceLocation: sourceLocation)
        #expect(headers["content-type"] == "application/problem+json", sourceLocation: sourceLocation)
        let document = try json()
        #expect(document["code"] as? String == code, "\(text)", sourceLocation: sourceLocation)
        #expect(document["status"] as? Int == status, sourceLocation: sourceLocation)
        #expect(document["type"] as? String == "urn:relais:problem:\(code)", sourceLocation: sourceLocation)
        #expect((document["detail"] as? String)?.isEmpty == false, sourceLocation: sourceLocation)
    }
}
