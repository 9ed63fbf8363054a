import Intake

/// What an operator may see of a message of the quarantine, as it is answered.
struct MaskedMessageDocument: Encodable {
    struct Segment: Encodable {
        let name: String
        let occurrence: Int
        let faults: [String]
        let fields: [Field]
    }

    struct Field: Encodable {
        /// As a correction names it.
        let location: String
        /// In ER7; empty where it is missing.
        let value: String
        /// Nothing but the shape of the value is shown.
        let masked: Bool
        let faults: [String]
        let warnings: [String]
    }

    let segments: [Segment]

    init(_ message: MaskedMessage) {
        segments = message.segments.map { segment in
            Segment(
                name: segment.name,
                occurrence: segment.occurrence,
                faults: segment.faults,
                fields: segment.fields.map { field in
                    Field(
                        location: field.location,
                        value: field.value,
                        masked: field.isMasked,
                        faults: field.faults,
                        warnings: field.warnings
                    )
                }
            )
        }
    }
}
