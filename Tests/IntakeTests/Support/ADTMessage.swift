/// An ADT message of a fictional patient, right in every respect until a test changes a field: `message["ZBE-4"] = ""`.
struct ADTMessage: Sendable {
    /// The order of the segments; those without fields are not written.
    private static let order = ["MSH", "EVN", "PID", "PD1", "ROL", "PV1", "PV2", "ZBE", "ZFM"]
    private static let structures = [
        "A01": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03", "A04": "ADT_A01", "A05": "ADT_A05", "A08": "ADT_A01", "A11": "ADT_A09",
        "A13": "ADT_A01", "A28": "ADT_A05", "A31": "ADT_A05",
    ]

    private var segments: [String: [Int: String]] = [:]

    init(_ trigger: String, movement: String = "1", at time: String = "20261109083000", visit: String = "V1", control: String = "C1") {
        let structure = Self.structures[trigger].map { "^\($0)" } ?? ""
        segments["MSH"] = [
            3: "SIMHOSP", 4: "CHT", 5: "RELAIS", 6: "CPTS", 7: "20261109083100", 9: "ADT^\(trigger)\(structure)", 10: control, 11: "T",
            12: "2.5^FRA^2.11", 17: "FRA", 18: "UNICODE UTF-8",
        ]
        segments["EVN"] = [2: "20261109083000"]
        segments["PID"] = [
            1: "1", 3: "P1^^^CHT&850099995&N^PI", 5: "DURAND^Louise^Louise Marie^^^^L", 7: "19480312", 8: "F", 18: "N1^^^CHT&850099995&N^AN",
        ]
        guard !["A08", "A28", "A31"].contains(trigger) else { return }
        let cancels = ["A11": "A01", "A13": "A03"]
        segments["PV1"] = [2: trigger == "A04" ? "E" : "I", 19: "\(visit)^^^CHT&850099995&N^VN"]
        segments["ZBE"] = [
            1: "\(movement)^CHT^850099995", 2: time, 4: cancels[trigger] == nil ? "INSERT" : "CANCEL", 5: "N",
            7: "Chirurgie^^^^^CHT&850099995&N^UF^^^CHIR",
        ]
        segments["ZBE"]?[6] = cancels[trigger]
    }

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
