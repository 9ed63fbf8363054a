import HL7v2
import Pathways

extension Translation {
    /// The ERR segments: faults first, then our warning codes in ERR-5.
    var remarks: [MessageError] {
        faults.map { MessageError($0.code, at: $0.location, diagnostic: $0.reason) }
            + warnings.map { warning in
                MessageError(
                    .accepted,
                    severity: .warning,
                    at: warning.location.flatMap { Location(path: $0) },
                    applicationCode: warning.code.rawValue
                )
            }
    }
}
