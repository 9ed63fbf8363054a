import Foundation

/// One line on a terminal that is written over; nothing elsewhere.
struct ProgressLine {
    private let isShown = Console.standardErrorIsTerminal
    private var lastPercent: Int64 = -1

    mutating func show(_ what: String, _ done: Int64, of total: Int64) {
        guard isShown, total > 0 else { return }
        let percent = min(100, done * 100 / total)
        guard percent != lastPercent else { return }
        lastPercent = percent
        let filled = Int(percent / 4)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 25 - filled)
        FileHandle.standardError.write(Data("\r\(what) \(bar) \(percent) %".utf8))
    }

    func end() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
