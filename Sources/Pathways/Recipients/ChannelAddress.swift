/// Where somebody is reached by one kind of channel.
public struct ChannelAddress: Hashable, Sendable {
    public let kind: ChannelKind
    /// Nil where the kind needs none.
    public let address: String?

    public init(kind: ChannelKind, address: String? = nil) {
        self.kind = kind
        self.address = address
    }

    /// The same, its address written in the one way that is kept; nil if it is no address of its kind.
    public var normalised: ChannelAddress? {
        guard kind.hasAddress else { return address == nil ? self : nil }
        guard let address else { return nil }
        let written: String? =
            switch kind {
            case .mssante, .email: MailAddress.normalised(address)
            case .sms: MobileNumber.normalised(address)
            case .webhook: WebhookAddress.normalised(address)
            case .inapp, .sandbox: nil
            }
        return written.map { ChannelAddress(kind: kind, address: $0) }
    }

    init(from json: JSONObject) throws(CodecError) {
        kind = try json.word("kind")
        address = try json.optionalString("address")
    }

    func write(to json: inout JSONWriter) {
        json.write("kind", kind)
        json.write("address", address)
    }
}
