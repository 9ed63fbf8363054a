import HL7v2
public import Pathways

/// A message of the quarantine as an operator may see it: its structure and every value that is not about a patient in clear, the others by
/// their shape only (letters as `x`, digits as `9`), each with what is wrong there.
public struct MaskedMessage: Sendable, Hashable {
    public struct Segment: Sendable, Hashable {
        /// `PID`; what stands in place of a name where there is none, masked.
        public let name: String
        /// Which of the segments of that name, from 1.
        public let occurrence: Int
        /// Those that are written or missed, in order. MSH-1 and MSH-2 are left out: they are the delimiters.
        public let fields: [Field]
        /// What is wrong with the segment as a whole.
        public let faults: [String]
    }

    public struct Field: Sendable, Hashable {
        /// As a correction names it: `PID-3`, `ROL[2]-4`.
        public let location: String
        /// In ER7, masked where it may be about the patient; empty where it is missing.
        public let value: String
        /// Whether nothing of it is shown but the shape.
        public let isMasked: Bool
        /// Why the message is in quarantine: `101 PID-3: no identifier of type PI`.
        public let faults: [String]
        /// The codes of what was remarked.
        public let warnings: [String]
    }

    /// What is known of the message beside its text.
    public let facts: MessageFacts
    /// Its segments in order; after them, those that are missed.
    public let segments: [Segment]
    /// All faults, in the order in which they were found.
    public let faults: [String]
    /// All remarks.
    public let warnings: [IntakeWarning]
}

extension MaskedMessage {
    /// More than any message has; what is beyond is noise, and finding it costs the square of its length.
    private static let segmentLimit = 1_000
    private static let fieldLimit = 200

    init(_ message: Message, _ received: MessageReceived) {
        facts = received.facts
        faults = received.errors
        warnings = received.warnings
        let remarks = Remarks(received)
        let mask = PatientMask(delimiters: message.delimiters)
        var counts: [String: Int] = [:]
        var shown: [Segment] = []
        for segment in message.segments.prefix(Self.segmentLimit) {
            let name = segment.name?.description ?? PatientMask.shape(of: segment.rawName)
            let occurrence = (counts[name] ?? 0) + 1
            counts[name] = occurrence
            shown.append(Self.segment(segment, name, occurrence, mask, remarks))
        }
        let missing = remarks.segments.filter { counts[$0] == nil }
        segments =
            shown
            + missing.map { name in
                let fields = remarks.fields(of: name, 1).map { Self.field($0, name, 1, "", isMasked: false, remarks) }
                return Segment(name: name, occurrence: 1, fields: fields, faults: remarks.faults(at: name))
            }
    }

    private static func segment(
        _ segment: HL7v2.Segment,
        _ name: String,
        _ occurrence: Int,
        _ mask: PatientMask,
        _ remarks: Remarks
    ) -> Segment {
        let first = name == "MSH" ? 3 : 1
        let last = min(segment.fieldCount, Self.fieldLimit)
        let written = first <= last ? (first...last).filter { !segment.field($0).isEmpty } : []
        let numbers = Set(written).union(remarks.fields(of: name, occurrence)).sorted()
        let fields = numbers.map { number in
            let (value, isMasked) = mask.shown(segment.field(number), number, of: segment.name)
            return field(number, name, occurrence, value, isMasked: isMasked, remarks)
        }
        let location = occurrence == 1 ? name : "\(name)[\(occurrence)]"
        return Segment(name: name, occurrence: occurrence, fields: fields, faults: remarks.faults(at: location))
    }

    private static func field(
        _ number: Int,
        _ name: String,
        _ occurrence: Int,
        _ value: String,
        isMasked: Bool,
        _ remarks: Remarks
    ) -> Field {
        let location = occurrence == 1 ? "\(name)-\(number)" : "\(name)[\(occurrence)]-\(number)"
        return Field(
            location: location,
            value: value,
            isMasked: isMasked,
            faults: remarks.faults(at: location),
            warnings: remarks.warnings(at: location)
        )
    }
}

/// What was found wrong with a message, by place.
private struct Remarks {
    private let faultsByPlace: [String: [String]]
    private let warningsByPlace: [String: [String]]
    private let places: [Location]

    init(_ received: MessageReceived) {
        // `101 PID-3: no identifier of type PI`, as `IntakeFault` writes it.
        let located = received.errors.compactMap { error -> (String, String)? in
            guard let start = error.firstIndex(of: " "), let end = error[start...].firstIndex(of: ":") else { return nil }
            return (String(error[error.index(after: start)..<end]), error)
        }
        faultsByPlace = Dictionary(grouping: located, by: \.0).mapValues { $0.map(\.1) }
        let remarked = received.warnings.compactMap { warning in warning.location.map { ($0, warning.code.rawValue) } }
        warningsByPlace = Dictionary(grouping: remarked, by: \.0).mapValues { $0.map(\.1) }
        places = (located.map(\.0) + remarked.map(\.0)).compactMap { Location(path: $0) }
    }

    /// The names of the segments that something is wrong in, each once.
    var segments: [String] { Set(places.map(\.segment.description)).sorted() }

    func fields(of segment: String, _ occurrence: Int) -> [Int] {
        places.filter { $0.segment.description == segment && $0.occurrence == occurrence }.compactMap(\.field)
    }

    func faults(at place: String) -> [String] { faultsByPlace[place] ?? [] }

    func warnings(at place: String) -> [String] { warningsByPlace[place] ?? [] }
}
