import EventStore
import Pathways

/// Folds identities into the index by INS.
final class PatientsWriter: ProjectionWriter {
    private let lookupKey: INSLookupKey
    private let state: ViewStatement
    private let isCorrected: ViewStatement
    private let delete: ViewStatement

    init(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws {
        let table = tables["patient_ins"]
        self.lookupKey = lookupKey
        state = try tables.statement(
            "INSERT OR IGNORE INTO \(table)(patient, key, from_position, is_corrected) VALUES (?1, ?2, ?3, ?4)"
        )
        isCorrected = try tables.statement("SELECT 1 FROM \(table) WHERE patient = ?1 AND is_corrected = 1")
        delete = try tables.statement("DELETE FROM \(table) WHERE patient = ?1")
    }

    func forget() {}

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified(let body):
            guard let ins = body.identity.ins else { return }
            // What was corrected stays so, whatever the feed says.
            isCorrected.bind(1, opened.stream)
            if try isCorrected.first({ _ in true }) == true { return }
            try insert(lookupKey(ins).bytes, opened, corrected: false)
        case .identityCorrected(let body):
            guard body.correction.concernsINS else { return }
            try erase(opened.stream)
            try insert(body.correction.ins.map { lookupKey($0).bytes } ?? [], opened, corrected: true)
        default: break
        }
    }

    func erase(_ stream: StreamID) throws {
        delete.bind(1, stream)
        try delete.run()
    }

    private func insert(_ key: [UInt8], _ opened: OpenedEvent, corrected: Bool) throws {
        state.bind(1, opened.stream)
        state.bind(2, key)
        state.bind(3, opened.position)
        state.bind(4, corrected ? 1 : 0)
        try state.run()
    }
}
