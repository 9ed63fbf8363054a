import EventStore
import Foundation
import Timekeeping

/// An event's file in an audit bundle. Members are named as in `schemas/leaf.md`.
struct BundledEvent: Codable {
    /// What is known of an event's clear text.
    enum Text {
        case proven, stated, erased
    }

    var territory: String
    var position: Int64
    var version: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z, as `time`.
    var recordedtime: Int64
    var id: String
    var type: String
    var source: String
    var subject: String
    var time: Int64
    var offset: Int16
    var causationid: String?
    var correlationid: String?
    var actor: String?
    var keyid: String?
    /// SHA-256 of the attachment as stored, which is not in the bundle.
    var attachment: String?
    var entry: String
    var leaf: String
    var path: [String]
    /// As stored, base64.
    var payload: String
    /// As it was before sealing; absent = erased.
    var clear: String?
    /// The key that `payload` is sealed under, base64.
    var dataKey: String?

    static func path(number: Int) -> String {
        let digits = String(number)
        return "events/\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).json"
    }

    // MARK: Writing

    init(_ item: AuditBundle.Item, logIdentity: String, dataKey: [UInt8]?) throws {
        let event = item.event
        let entry = try LeafEntry(of: event, logIdentity: logIdentity)
        territory = logIdentity
        position = event.position
        version = event.version
        recordedtime = event.recordedAt.millisecondsSinceEpoch
        id = event.id.description
        type = event.type
        source = event.source
        subject = event.stream.hex
        time = event.time.millisecondsSinceEpoch
        offset = event.time.offsetMinutes
        causationid = event.causation?.description
        correlationid = event.correlation?.description
        actor = event.actor
        keyid = event.keyID
        attachment = event.attachmentHash?.hex
        self.entry = HexText.encode(entry.bytes)
        leaf = entry.leafHash.hex
        path = item.proof.path.map(\.hex)
        payload = Base64.encode(event.payload)
        clear = try item.clear.map { bytes in
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw TransparencyError(.malformed, "The payload at position \(event.position) is not UTF-8 text: it cannot be shown.")
            }
            return text
        }
        self.dataKey = dataKey.map { Base64.encode($0) }
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try Array(encoder.encode(self)) + [0x0A]
        }
    }

    // MARK: Checking

    /// - Throws: ``TransparencyError`` `malformed`.
    init(json: [UInt8]) throws {
        do {
            self = try JSONDecoder().decode(BundledEvent.self, from: Data(json))
        } catch {
            throw TransparencyError(.malformed, "not the JSON of an event")
        }
    }

    /// Checks the event from its fields up to the root.
    ///
    /// - Throws: ``TransparencyError`` saying which part is not right.
    func check(in tree: TreeHead) throws -> Text {
        let event = try recorded()
        let made = try LeafEntry(of: event, logIdentity: territory)
        guard HexText.encode(made.bytes) == entry else { throw Self.wrong("the entry is not what the fields and the payload give") }
        guard made.leafHash.hex == leaf else { throw Self.wrong("the leaf is not the entry's hash") }
        let hashes = path.compactMap { HexText.decode($0).flatMap { Hash256(bytes: $0) } }
        guard hashes.count == path.count,
            InclusionProof(position: position, tree: tree, leafHash: made.leafHash, path: hashes).isValid
        else { throw Self.wrong("the path does not lead from the leaf to the checkpoint's root") }
        return try checkText(of: event)
    }

    private func checkText(of event: RecordedEvent) throws -> Text {
        guard let clear else { return .erased }
        if keyid != nil, dataKey == nil { return .stated }
        let sealer = BundleSealer(dataKey: dataKey.flatMap { Base64.decode($0) })
        guard let opened = try? sealer.payload(of: event), opened == Array(clear.utf8) else {
            throw Self.wrong("the clear text is not what is stored")
        }
        return .proven
    }

    private func recorded() throws -> RecordedEvent {
        guard let eventID = EventID(id), let stream = StreamID(hex: subject), let stored = Base64.decode(payload),
            let leafBytes = HexText.decode(leaf),
            let leafHash = Hash256(bytes: leafBytes)
        else { throw Self.wrong("a field is not written as it should be") }
        let causation = causationid.flatMap { EventID($0) }
        let correlation = correlationid.flatMap { EventID($0) }
        let attachmentHash = attachment.flatMap { HexText.decode($0) }.flatMap { Hash256(bytes: $0) }
        guard (causation == nil) == (causationid == nil), (correlation == nil) == (correlationid == nil),
            (attachmentHash == nil) == (attachment == nil)
        else { throw Self.wrong("a field is not written as it should be") }
        return RecordedEvent(
            position: position,
            version: version,
            stream: stream,
            id: eventID,
            type: type,
            source: source,
            time: Instant(millisecondsSinceEpoch: time, offsetMinutes: offset),
            recordedAt: Instant(millisecondsSinceEpoch: recordedtime),
            actor: actor,
            causation: causation,
            correlation: correlation,
            keyID: keyid,
            attachmentHash: attachmentHash,
            payload: stored,
            leafHash: leafHash
        )
    }

    private static func wrong(_ what: String) -> TransparencyError {
        TransparencyError(.malformed, what)
    }
}
