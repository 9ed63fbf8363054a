/// An ADT message of a fictional patient, right in every respect until a test changes a field: `message["ZBE-4"] = ""`.
struct ADTMessage: Sendable {
    /// The order of the segments; those without fields are not written.
    private static let order = ["MSH", "EVN", "PID", "PD1", "ROL", "MRG", "PV1", "PV2", "ZBE", "ZFA", "ZFM", "ZFV", "ZFD"]
    private static let structures = [
        "A01": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03", "A04": "ADT_A01", "A05": "ADT_A05", "A06": "ADT_A06", "A07": "ADT_A06",
        "A08": "ADT_A01", "A11": "ADT_A09", "A12": "ADT_A12", "A13": "ADT_A01", "A14": "ADT_A05", "A15": "ADT_A15", "A16": "ADT_A16",
        "A21": "ADT_A21", "A22": "ADT_A21", "A25": "ADT_A21", "A26": "ADT_A21", "A27": "ADT_A21", "A28": "ADT_A05", "A31": "ADT_A05",
        "A38": "ADT_A38", "A40": "ADT_A39", "A44": "ADT_A43", "A47": "ADT_A30", "A52": "ADT_A52", "A53": "ADT_A52", "A54": "ADT_A54",
        "A55": "ADT_A52", "Z99": "ADT_A01",
    ]
    /// What each cancelling trigger takes back.
    static let cancelled = [
        "A11": "A01", "A12": "A02", "A13": "A03", "A25": "A16", "A26": "A15", "A27": "A14", "A38": "A05", "A52": "A21", "A53": "A22",
        "A55": "A54",
    ]
    private static let classes = ["A04": "E", "A07": "O"]
    static let ofPatients: Set<String> = ["A08", "A28", "A31", "A40", "A44", "A47"]

    private var segments: [String: [Int: String]] = [:]

    init(_ trigger: String, movement: String = "1", at time: String = "20261109083000", visit: String = "V1", control: String = "C1") {
        let structure = Self.structures[trigger].map { "^\($0)" } ?? ""
        segments["MSH"] = [
            3: "SIMHOSP", 4: "CHT", 5: "RELAIS", 6: "CPTS", 7: "20261109083100", 9: "ADT^\(trigger)\(structure)", 10: control, 11: "T",
            12: "2.5^FRA^2.11", 17: "FRA", 18: "UNICODE UTF-8",
        ]
        segments["EVN"] = [2: "20261109083000"]
        segments["PID"] = [
            1: "1", 3: Self.patient("P1"), 5: "DURAND^Louise^Louise Marie^^^^L", 7: "19480312", 8: "F", 18: "N1^^^CHT&850099995&N^AN",
        ]
        guard !Self.ofPatients.contains(trigger) else {
            if ["A40", "A44", "A47"].contains(trigger) { segments["MRG"] = [1: Self.patient("P2")] }
            return
        }
        segments["PV1"] = [2: Self.classes[trigger] ?? "I", 19: "\(visit)^^^CHT&850099995&N^VN"]
        segments["ZBE"] = [
            1: "\(movement)^CHT^850099995", 2: time, 4: "INSERT", 5: "N", 7: "Chirurgie^^^^^CHT&850099995&N^UF^^^CHIR",
        ]
        if let original = Self.cancelled[trigger] {
            segments["ZBE"]?[4] = "CANCEL"
            segments["ZBE"]?[6] = original
        }
        if trigger == "Z99" {
            segments["ZBE"]?[4] = "UPDATE"
            segments["ZBE"]?[6] = "A01"
        }
    }

    /// PID-3 or MRG-1 with the local number of a patient.
    static func patient(_ number: String) -> String { "\(number)^^^CHT&850099995&N^PI" }

    /// The same stated later: EVN-2 and MSH-7.
    func recorded(_ time: String) -> ADTMessage { with([("EVN-2", time), ("MSH-7", time)]) }

    /// A class change taken back: ZBE-4 and ZBE-6.
    func cancelling(_ original: String) -> ADTMessage { with([("ZBE-4", "CANCEL"), ("ZBE-6", original)]) }

    /// A field by its usual name, `PID-3`; an empty text leaves it out.
    subscript(_ place: String) -> String {
        get {
            guard let (segment, field) = Self.split(place) else { return "" }
            return segments[segment]?[field] ?? ""
        }
        set {
            guard let (segment, field) = Self.split(place) else { return }
            segments[segment, default: [:]][field] = newValue
        }
    }

    func with(_ place: String, _ value: String) -> ADTMessage {
        var copy = self
        copy[place] = value
        return copy
    }

    func with(_ changes: [(String, String)]) -> ADTMessage {
        changes.reduce(self) { $0.with($1.0, $1.1) }
    }

    func without(_ segment: String) -> ADTMessage {
        var copy = self
        copy.segments[segment] = nil
        return copy
    }

    var text: String {
        Self.order.compactMap { name in segments[name].map { Self.line(name, $0) } }.joined()
    }

    var bytes: [UInt8] { Array(text.utf8) }

    private static func line(_ name: String, _ fields: [Int: String]) -> String {
        let isHeader = name == "MSH"
        let last = fields.filter { !$0.value.isEmpty }.keys.max() ?? 0
        let first = isHeader ? 3 : 1
        let values = last < first ? [] : (first...last).map { fields[$0] ?? "" }
        return ([isHeader ? "MSH|^~\\&" : name] + values).joined(separator: "|") + "\r"
    }

    private static func split(_ place: String) -> (String, Int)? {
        let parts = place.split(separator: "-")
        guard parts.count == 2, let field = Int(parts[1]) else { return nil }
        return (String(parts[0]), field)
    }
}
