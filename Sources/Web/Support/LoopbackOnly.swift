/// The server listens on this machine alone: there are no accounts yet, so whoever reaches it can read and write everything.
public enum LoopbackOnly {
    /// The address would let other machines in.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let host: String

        public var description: String {
            "refusing to listen on \(host): there are no accounts yet, so anyone who reaches the server could read and change every "
                + "pathway. Use 127.0.0.1, ::1, localhost or a unix socket, and reach it from elsewhere through an SSH tunnel."
        }
    }

    /// - Parameter host: what the server is asked to bind to: an address, `localhost`, or the path of a unix socket (it begins with `/`
    ///   or `unix:`).
    /// - Throws: `Refusal` for anything but 127.0.0.0/8, `::1`, `localhost` and unix sockets. Names are not resolved: what they stand for
    ///   can change.
    public static func check(host: String) throws(Refusal) {
        if host.hasPrefix("/") || host.hasPrefix("unix:") || isLoopback(host) { return }
        throw Refusal(host: host)
    }

    /// Whether a host name or address (without port) is this machine's own.
    static func isLoopback(_ host: some StringProtocol) -> Bool {
        var name = host.lowercased()
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        // RFC 6761 §6.3: what ends in .localhost is this machine, and no other site can be called so.
        if name.hasSuffix(".localhost") { return true }
        if name == "localhost" || name == "::1" || name == "0:0:0:0:0:0:0:1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
        }
    }
}
