/// A composed mail and its envelope.
struct OutgoingMail: Sendable, Hashable {
    var sender: AddrSpec
    var recipient: AddrSpec
    /// Comes back in delivery reports (RFC 3461 §4.4).
    var envelopeID: String
    /// RFC 5322, lines ended by CRLF, ASCII only.
    var content: [UInt8]
}
