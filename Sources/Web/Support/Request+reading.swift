import Hummingbird

extension Request {
    /// A header by its name in lower case; the first one if there are several.
    func header(_ name: String) -> String? {
        headers.first { $0.name.canonicalName == name }?.value
    }

    /// The whole body.
    /// - Throws: `NIOTooManyBytesError` if it has more.
    func bytes(upTo limit: Int) async throws -> [UInt8] {
        let buffer = try await body.collect(upTo: limit)
        return Array(buffer.readableBytesView)
    }

    /// A parameter of the query, decoded; nil if absent or empty.
    func query(_ name: String) -> String? {
        guard let value = uri.queryParameters[Substring(name)], !value.isEmpty else { return nil }
        return String(value)
    }
}
