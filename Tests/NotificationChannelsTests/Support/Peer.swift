import Foundation
import Testing

/// A server for the tests: a Python program that says in its first line where it listens, and ends when this process does.
struct Peer: Sendable {
    let folder: String
    let ports: [String: Int]

    /// `NAME.pem` and `NAME.key` of the peer's authority.
    func certificate(_ name: String) -> String { "\(folder)/certificates/\(name)" }

    func port(_ name: String) throws -> Int {
        try #require(ports[name], "the peer has no port called \(name)")
    }

    /// Each is started once, by the first test that wants it.
    static let http = Task { try start("http_peer.py") }
    static let smtp = Task { try start("smtp_peer.py") }
    static let mail = Task { try start("mail_peer.py") }

    /// Why Postfix and Dovecot cannot be started, `nil` when they can.
    static let mailIsMissing: String? = {
        let needed = [
            ("/usr/sbin/postfix", "postfix"), ("/usr/sbin/dovecot", "dovecot-core"), ("/usr/lib/dovecot/imap", "dovecot-imapd"),
            ("/usr/lib/dovecot/lmtp", "dovecot-lmtpd"),
        ]
        let missing = needed.filter { !FileManager.default.isExecutableFile(atPath: $0.0) }.map(\.1)
        if !missing.isEmpty { return "Debian packages are missing: \(missing.joined(separator: ", "))" }
        return getuid() == 0 ? nil : "Postfix and Dovecot start as root only"
    }()

    /// The writing ends of the peers' standard inputs, open as long as this process.
    private static func start(_ program: String) throws -> Peer {
        let process = Process()
        let python = ProcessInfo.processInfo.environment["RELAIS_TEST_PYTHON"] ?? "/usr/bin/python3"
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../Peers/" + program]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while !line.contains(0x0A) {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw PeerFailure(program: program) }
            line.append(more)
        }
        // Its life is that of this process: the pipe is never closed.
        _ = Unmanaged.passRetained(input)
        return try JSONDecoder().decode(Announcement.self, from: line).peer
    }

    private struct Announcement: Decodable {
        let folder: String
        let ports: [String: Int]
        var peer: Peer { Peer(folder: folder, ports: ports) }
    }

    private struct PeerFailure: Error {
        let program: String
    }
}
