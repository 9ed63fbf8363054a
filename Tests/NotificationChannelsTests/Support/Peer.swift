import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// A server for the tests: a Python program that says in its first line where it listens, and ends when this process does.
struct Peer: Sendable {
    let folder: String
    let ports: [String: Int]
    /// Its life is that of this process: whatever holds the peer is static.
    private let program: LineProgram

    /// `NAME.pem` and `NAME.key` of the peer's authority.
    func certificate(_ name: String) -> String { "\(folder)/certificates/\(name)" }

    func port(_ name: String) throws -> Int {
        try #require(ports[name], "the peer has no port called \(name)")
    }

    /// Each is started once, by the first test that wants it.
    static let http = Task { try await start("http_peer.py") }
    static let smtp = Task { try await start("smtp_peer.py") }
    static let mail = Task { try await start("mail_peer.py") }

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

    /// The interpreter that has what the programs import.
    static var python: Executable {
        .path(FilePath(ProcessInfo.processInfo.environment["RELAIS_TEST_PYTHON"] ?? "/usr/bin/python3"))
    }

    /// Of a file of `Peers`.
    static func path(of program: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../Peers/" + program
    }

    private static func start(_ program: String) async throws -> Peer {
        let running = try await LineProgram(python, arguments: [path(of: program)])
        let announcement = try JSONDecoder().decode(Announcement.self, from: Data(running.greeting.utf8))
        return Peer(folder: announcement.folder, ports: announcement.ports, program: running)
    }

    private struct Announcement: Decodable {
        let folder: String
        let ports: [String: Int]
    }
}
