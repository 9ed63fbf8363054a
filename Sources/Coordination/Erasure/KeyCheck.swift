public import EventStore
import Pathways
public import Sealing

/// Checks a key store against its log: the key of every sealed event and answer is there, or was destroyed and stands in the register of
/// erasures; and none that stands there is still present.
///
/// Needs no secret: nothing is unsealed, and the register stands in clear. `KeyVault.check` is what unwraps each key. Reads in constant
/// memory, but for the ids in the register, also beside a running server.
public struct KeyCheck {
    /// Ids that were looked up lately and are well.
    private static let memory = 65_536

    private let log: SQLiteEventReader
    private let keys: KeyInventory?
    private var report = KeyReport()
    private var erased: Set<String> = []
    /// The register was read up to here.
    private var registered: Int64 = 0
    private var well: Set<String> = []
    /// What is not well, by key: told at the end if it still is not, for an erasure may be at work.
    private var suspects: [String: Int64] = [:]

    /// - Parameter keys: nil = there is no `keys.sqlite`, so that every key is missing.
    public static func run(
        _ log: SQLiteEventReader,
        _ keys: KeyInventory?,
        progress: (_ position: Int64, _ total: Int64) -> Void = { _, _ in }
    ) throws -> KeyReport {
        var check = KeyCheck(log: log, keys: keys)
        try check.lookUpAll(progress)
        return check.report
    }

    private init(log: SQLiteEventReader, keys: KeyInventory?) {
        self.log = log
        self.keys = keys
    }

    private mutating func lookUpAll(_ progress: (Int64, Int64) -> Void) throws {
        let head = try log.head().position
        try readRegister(through: head)
        try log.forEachKeyUse(through: head) { keyID, position in
            report.uses += 1
            if report.uses % 4096 == 0 { progress(min(position, head), head) }
            try lookUp(keyID, position)
        }
        // What was erased since.
        try readRegister(through: try log.head().position)
        for (keyID, position) in suspects.sorted(by: { $0.value < $1.value }) {
            if let detail = try fault(of: keyID) { add(keyID, position, detail) }
        }
        for keyID in erased.sorted() where try keys?.state(of: keyID) == .present {
            add(keyID, nil, "erased by the register, and still there: start the server, which destroys it again")
        }
        report.erasedKeys = erased.count
    }

    private mutating func readRegister(through last: Int64) throws {
        for position in try log.positions(ofType: PatientErased.type, after: registered, through: last) {
            // In clear, unless somebody else than an erasure wrote it.
            if let event = try log.read(after: position - 1, limit: 1).first, event.keyID == nil,
                let erasure = try? PatientErased(payload: event.payload)
            {
                erased.formUnion(erasure.keys)
            } else {
                add(nil, position, "an event of the register of erasures cannot be read")
            }
        }
        registered = last
    }

    private mutating func lookUp(_ keyID: String, _ position: Int64) throws {
        if well.contains(keyID) || suspects[keyID] != nil { return }
        if try fault(of: keyID) == nil {
            if well.count >= Self.memory { well.removeAll(keepingCapacity: true) }
            well.insert(keyID)
        } else if suspects.count < KeyReport.problemLimit {
            suspects[keyID] = position
        }
    }

    /// Nil if what sealed under this key can be opened, or was erased.
    private func fault(of keyID: String) throws -> String? {
        guard let keys else { return erased.contains(keyID) ? nil : "there is no keys.sqlite: restore it from a backup (relais restore)" }
        switch try keys.state(of: keyID) {
        case .present: return nil
        case .destroyed: return erased.contains(keyID) ? nil : "destroyed, and the register says nothing of an erasure"
        case .unknown:
            return erased.contains(keyID) ? nil : "missing without an erasure: restore a keys.sqlite that is as new as the log (relais restore)"
        }
    }

    private mutating func add(_ keyID: String?, _ position: Int64?, _ detail: String) {
        report.add(.init(keyID: keyID, position: position, detail: detail))
    }
}
