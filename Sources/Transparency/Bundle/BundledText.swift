import EventStore
import Timekeeping

/// The files of an audit bundle that come with this software.
enum BundledText {
    /// `verify.py`.
    static var verifier: [UInt8] { PackageResources.verify_py }

    /// `LISEZMOI.html`, filled in.
    static func readme(of issued: CheckpointStore.Issued, eventCount: Int) -> [UInt8] {
        let values = [
            "{{origin}}": escaped(issued.checkpoint.origin),
            "{{size}}": String(issued.checkpoint.tree.size),
            "{{events}}": String(eventCount),
            "{{signed}}": escaped(issued.signedAt.description),
        ]
        var page = String(decoding: PackageResources.LISEZMOI_html, as: UTF8.self)
        for (name, value) in values { page = page.split(separator: name, omittingEmptySubsequences: false).joined(separator: value) }
        return Array(page.utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { html, character in
            switch character {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            default: html.append(character)
            }
        }
    }
}
