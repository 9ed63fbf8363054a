import EventStore
import Pathways
import Timekeeping

/// Folds identities into the index by INS, and merges into the links between numbers.
final class PatientsWriter: ProjectionWriter {
    private let lookupKey: INSLookupKey
    private let stated: ViewStatement
    private let state: ViewStatement
    private let isCorrected: ViewStatement
    private let withdrawn: ViewStatement
    private let withdraw: ViewStatement
    private let insertLink: ViewStatement
    private let deleteINS: ViewStatement
    private let erasures: [ViewStatement]

    init(_ tables: ViewTables, lookupKey: @escaping INSLookupKey) throws {
        let (ins, withdrawn, link) = (tables["patient_ins"], tables["patient_ins_withdrawn"], tables["patient_link"])
        self.lookupKey = lookupKey
        stated = try tables.statement("SELECT recorded_at, sent_at, control_id, digest FROM \(ins) WHERE patient = ?1 AND key = ?2")
        state = try tables.statement(
            """
            INSERT INTO \(ins)(patient, key, from_position, is_corrected, recorded_at, sent_at, control_id, digest)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (patient, key) DO UPDATE SET
                recorded_at = excluded.recorded_at, sent_at = excluded.sent_at, control_id = excluded.control_id, digest = excluded.digest
            """
        )
        isCorrected = try tables.statement("SELECT 1 FROM \(ins) WHERE patient = ?1 AND is_corrected = 1")
        self.withdrawn = try tables.statement("SELECT recorded_at, sent_at, control_id, digest FROM \(withdrawn) WHERE patient = ?1")
        withdraw = try tables.statement(
            "INSERT OR REPLACE INTO \(withdrawn)(patient, recorded_at, sent_at, control_id, digest) VALUES (?1, ?2, ?3, ?4, ?5)"
        )
        insertLink = try tables.statement("INSERT INTO \(link)(from_position, patient, type, payload) VALUES (?1, ?2, ?3, ?4)")
        deleteINS = try tables.statement("DELETE FROM \(ins) WHERE patient = ?1")
        erasures =
            [deleteINS] + [
                try tables.statement("DELETE FROM \(withdrawn) WHERE patient = ?1"),
                try tables.statement("DELETE FROM \(link) WHERE patient = ?1"),
            ]
    }

    func forget() {}

    func handle(_ opened: OpenedEvent) throws {
        switch opened.event {
        case .patientIdentified(let body):
            if body.identity.withdrawsINS { try withdraw(body.statement, opened) }
            guard let ins = body.identity.ins else { return }
            // What was corrected stays so, whatever the feed says.
            try isCorrected.bind(1, opened.stream)
            if try isCorrected.first({ _ in true }) == true { return }
            try insert(lookupKey(ins).bytes, body.statement, opened, corrected: false)
        case .identityCorrected(let body):
            guard body.correction.concernsINS else { return }
            try deleteINS.bind(1, opened.stream)
            try deleteINS.run()
            try insert(body.correction.ins.map { lookupKey($0).bytes } ?? [], nil, opened, corrected: true)
        case .patientsMerged, .mergeUndone: try link(opened)
        default: break
        }
    }

    func erase(_ stream: StreamID) throws {
        for statement in erasures {
            try statement.bind(1, stream)
            try statement.run()
        }
    }

    private func insert(_ key: [UInt8], _ statement: Statement?, _ opened: OpenedEvent, corrected: Bool) throws {
        try stated.bind(1, opened.stream)
        stated.bind(2, key)
        if let known = try stated.first({ $0.statement(0) }), known >= statement ?? .earliest { return }
        try state.bind(1, opened.stream)
        state.bind(2, key)
        state.bind(3, opened.position)
        state.bind(4, corrected ? 1 : 0)
        state.bind(5, statement ?? .earliest)
        try state.run()
    }

    private func withdraw(_ statement: Statement, _ opened: OpenedEvent) throws {
        try withdrawn.bind(1, opened.stream)
        if let known = try withdrawn.first({ $0.statement(0) }), known >= statement { return }
        try withdraw.bind(1, opened.stream)
        withdraw.bind(2, statement)
        try withdraw.run()
    }

    private func link(_ opened: OpenedEvent) throws {
        insertLink.bind(1, opened.position)
        try insertLink.bind(2, opened.stream)
        insertLink.bind(3, opened.type)
        insertLink.bind(4, opened.payload)
        try insertLink.run()
    }
}

extension Statement {
    /// Before every other.
    fileprivate static let earliest = Statement(
        recordedAt: .init(millisecondsSinceEpoch: .min),
        sentAt: .init(millisecondsSinceEpoch: .min),
        controlID: "",
        digest: ""
    )
}
