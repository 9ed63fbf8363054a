import HL7v2
import Pathways

/// What a reader of a message remarks on its way: defects that it lives with, and faults that make the message unusable.
///
/// The same remark counts once, so that a message of a thousand wrong segments does not make an answer of a thousand lines.
struct Findings {
    private(set) var warnings: [IntakeWarning] = []
    private(set) var faults: [IntakeFault] = []

    mutating func warn(_ code: IntakeWarning.Code, at location: String? = nil) {
        let warning = IntakeWarning(code, at: location)
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    mutating func fail(_ code: ErrorCode, at location: Location, _ reason: String) {
        fail(IntakeFault(code, at: location, reason))
    }

    mutating func fail(_ fault: IntakeFault) {
        if !faults.contains(fault) { faults.append(fault) }
    }

    /// What the parser put right.
    mutating func take(_ irregularities: [Irregularity]) {
        for irregularity in irregularities {
            switch irregularity {
            case .terminators: warn(.terminators)
            case .delimiters: warn(.delimiters, at: "MSH-2")
            case .charsetMismatch: warn(.charsetMismatch, at: "MSH-18")
            }
        }
    }
}
