/// A message of the quarantine, for people at a terminal.
struct QuarantineReport {
    /// What `GET /api/v1/quarantine/{id}` answers, as far as it is shown.
    struct Document: Decodable {
        struct Message: Decodable {
            let id: String
            let application: String
            let facility: String
            let trigger: String
            let receivedAt: String
            let status: String
            let faults: [String]
        }

        struct Content: Decodable {
            struct Segment: Decodable {
                let name: String
                let faults: [String]
                let fields: [Field]
            }

            struct Field: Decodable {
                let location: String
                let value: String
                let faults: [String]
                let warnings: [String]
            }

            let segments: [Segment]
        }

        let message: Message
        let content: Content
    }

    private let document: Document

    init(_ document: Document) { self.document = document }

    func show() {
        let message = document.message
        print(Console.visible("\(message.trigger) of \(message.application)|\(message.facility), \(message.receivedAt), \(message.status)"))
        for fault in message.faults { print("  \(fault)") }
        for segment in document.content.segments {
            print(Console.visible(segment.name))
            for fault in segment.faults { print("  ! \(fault)") }
            for field in segment.fields {
                print(Console.visible("  \(field.location): \(field.value)"))
                for remark in field.faults + field.warnings { print("    ! \(remark)") }
            }
        }
    }
}
