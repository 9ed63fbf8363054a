import Synchronization

/// Names that tasks of one test collect.
final class Tally: Sendable {
    private let names = Mutex<[String]>([])

    func add(_ name: String) { names.withLock { $0.append(name) } }
    func add(_ more: [String]) { names.withLock { $0 += more } }
    var all: [String] { names.withLock { $0 } }
}
