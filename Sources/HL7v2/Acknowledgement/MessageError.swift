/// One ERR segment: what is wrong with a message, or worth a remark (HL7 v2.5 §2.15.5). Must not quote the message's content.
public struct MessageError: Sendable, Hashable {
    /// ERR-2; `nil` when the whole message is meant.
    public var location: Location?
    /// ERR-3.1, kept as a number so that codes of a later table can be read.
    public var code: Int
    /// ERR-4.
    public var severity: ErrorSeverity
    /// ERR-5.1, our own stable code: `control-id-reused`.
    public var applicationCode: String?
    /// ERR-7, for whoever runs the interface.
    public var diagnostic: String?
    /// ERR-8, for the user who sent it.
    public var userMessage: String?

    public init(
        _ code: ErrorCode,
        severity: ErrorSeverity = .error,
        at location: Location? = nil,
        applicationCode: String? = nil,
        diagnostic: String? = nil,
        userMessage: String? = nil
    ) {
        self.location = location
        self.code = code.rawValue
        self.severity = severity
        self.applicationCode = applicationCode
        self.diagnostic = diagnostic
        self.userMessage = userMessage
    }

    /// Reads an ERR segment; `nil` when it has no code in ERR-3. An unknown severity reads as error.
    public init?(_ segment: Segment) {
        guard let code = segment.field(3).text.flatMap({ Int($0) }) else { return nil }
        location = Location(erl: segment.field(2).repetition(1))
        self.code = code
        severity = ErrorSeverity(rawValue: segment.field(4).text ?? "") ?? .error
        applicationCode = segment.field(5).text
        diagnostic = segment.field(7).text
        userMessage = segment.field(8).text
    }

    func write(to writer: inout MessageWriter) {
        writer.begin("ERR")
        if let location { writer.field(2, components: location.erlComponents) }
        writer.field(3, String(code), ErrorCode(rawValue: code)?.text, "HL70357")
        writer.field(4, severity.rawValue)
        writer.field(5, applicationCode)
        writer.field(7, diagnostic)
        writer.field(8, userMessage)
        writer.end()
    }
}
