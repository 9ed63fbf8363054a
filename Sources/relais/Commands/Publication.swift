import Foundation

/// Publishing files through the API.
enum Publication {
    private struct Answer: Decodable {
        let result: String
        let difference: [String]
        let position: Int64?
    }

    /// Whoever has the data directory, before any directory of people exists.
    private static let headers = ["Relais-Actor": "urn:relais:operator", "Content-Type": "application/yaml"]

    @discardableResult
    static func territory(_ yaml: String, through client: ControlClient) async throws -> [String] {
        try await put("/api/v1/territory", yaml, client)
    }

    @discardableResult
    static func followUpProtocol(_ yaml: String, id: String, through client: ControlClient) async throws -> [String] {
        try await put("/api/v1/protocols/\(id)", yaml, client)
    }

    @discardableResult
    static func siteProfile(_ yaml: String, id: String, through client: ControlClient) async throws -> [String] {
        try await put("/api/v1/site-profiles/\(id)", yaml, client)
    }

    /// - Returns: what changed; nothing if the same content is in force.
    private static func put(_ path: String, _ yaml: String, _ client: ControlClient) async throws -> [String] {
        let answer = try await client.perform("PUT", path, headers: headers, body: Data(yaml.utf8)).decode(Answer.self)
        return answer.result == "unchanged" ? [] : answer.difference + ["published at position \(answer.position ?? 0)"]
    }
}
