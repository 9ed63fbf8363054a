import HL7v2
import Pathways

/// Which values of a message may be shown to somebody who repairs feeds. What is not named here is masked: a segment of the site's own, or a
/// field that a shift has filled with a name, must not show one.
struct PatientMask {
    private enum Rule {
        /// Says nothing about a patient.
        case clear
        /// Shown if it is one of these, repetition by repetition.
        case codes(Set<String>)
        /// Numbers with their authority: those of the hospital (PI, AN, VN) in clear, those of the person (INS, NIR) masked.
        case identifiers
        /// The number of a professional in clear, their name masked.
        case professional
    }

    private static let rules: [SegmentName: [Int: Rule]] = [
        .msh: clear(3...25),
        .evn: clear([1, 2, 3, 4, 6, 7]),
        .pid: [
            1: .codes(["1", "2", "3", "4"]), 3: .identifiers, 8: .codes(["F", "M", "U", "O"]), 18: .identifiers, 30: .codes(["Y", "N"]),
            32: .codes(IdentityReader.reliabilities),
        ],
        .mrg: [1: .identifiers, 3: .identifiers],
        .rol: clear([1, 2, 3]).merging([4: .professional]) { $1 },
        .pv1: clear([1, 2, 3, 4, 6, 10, 14, 18, 20, 21, 36, 37, 41, 44, 45, 51]).merging([5: .identifiers, 19: .identifiers, 50: .identifiers]) {
            $1
        },
        .pv2: clear([7, 8, 9, 47]),
        .zbe: clear(1...12),
        .zfm: clear(1...4),
        .zfv: clear([1, 2, 9, 11]),
        .zfd: [3: .codes(["Y", "N"]), 5: .codes(["SM", "CV", "INSI", "CB", "RFID"])],
    ]

    private static func clear(_ fields: some Sequence<Int>) -> [Int: Rule] {
        fields.reduce(into: [:]) { $0[$1] = .clear }
    }

    let delimiters: Delimiters

    /// - Returns: the field in ER7, and whether all of it is masked.
    func shown(_ field: Field, _ number: Int, of segment: SegmentName?) -> (value: String, isMasked: Bool) {
        guard let rule = segment.flatMap({ Self.rules[$0]?[number] }) else { return (Self.shape(of: field.raw), !field.isEmpty) }
        let separator = Self.text(delimiters.repetition)
        switch rule {
        case .clear:
            let value = field.repetitions.map { joined($0) { Self.mayBePerson($1) && Timestamp($1) == nil ? Self.shape(of: $1) : $1 } }.joined(
                separator: separator
            )
            return (value, value != field.raw)
        case .codes(let codes):
            let parts = field.repetitions.map { codes.contains($0.raw) ? $0.raw : Self.shape(of: $0.raw) }
            let value = parts.joined(separator: separator)
            return (value, value != field.raw)
        case .identifiers: return (field.repetitions.map(identifier).joined(separator: separator), false)
        case .professional: return (field.repetitions.map(professional).joined(separator: separator), false)
        }
    }

    /// Letters as `x`, digits as `9`; what is neither, delimiters among them, as it is. Scalar by scalar: a character may begin with a sign that
    /// is no letter, such as U+0600, and have one all the same. Accents of their own are left out with what they stand on.
    static func shape(of text: String) -> String {
        var shape = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isAlphabetic {
                shape.append("x")
            } else if properties.numericType != nil {
                shape.append("9")
            } else if ![.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory) {
                shape.append(scalar)
            }
        }
        return String(shape)
    }

    private func identifier(_ repetition: Repetition) -> String {
        let type = CX(repetition).typeCode ?? ""
        let isLocal = ["PI", "AN", "VN"].contains(type)
        return joined(repetition) { number, text in
            // A name that a shift has put here has no type of an identifier.
            let isShown = number == 1 ? isLocal : (4...6).contains(number) && (isLocal || type == "INS")
            return isShown && !Self.mayBePerson(text) ? text : Self.shape(of: text)
        }
    }

    private func professional(_ repetition: Repetition) -> String {
        joined(repetition) { number, text in [1, 9, 13].contains(number) ? text : Self.shape(of: text) }
    }

    private func joined(_ repetition: Repetition, _ shown: (Int, String) -> String) -> String {
        repetition.components.enumerated().map { shown($0.offset + 1, $0.element.raw) }.joined(separator: Self.text(delimiters.component))
    }

    /// Holds a run of 13 characters or more that could be an INS or a NIR, wherever a sender has put it.
    private static func mayBePerson(_ text: String) -> Bool {
        var run = 0
        for byte in text.utf8 {
            // The departments 2A and 2B are letters.
            let isPart = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || [UInt8(ascii: "A"), UInt8(ascii: "B")].contains(byte)
            run = isPart ? run + 1 : byte == UInt8(ascii: " ") ? run : 0
            if run >= 13 { return true }
        }
        return false
    }

    private static func text(_ delimiter: UInt8?) -> String { delimiter.map { String(UnicodeScalar($0)) } ?? "" }
}
