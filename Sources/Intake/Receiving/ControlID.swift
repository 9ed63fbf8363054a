import EventStore

/// MSH-10 of our own messages: at most 20 characters (HL7 v2.5 §2.15.9.10), unique, growing with time.
enum ControlID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let length = 20

    /// The 48 bits of time and the last 52 bits of chance of a UUIDv7, in Crockford's base 32.
    static func text(of id: EventID) -> String {
        let bytes = id.bytes
        let time = bytes.prefix(6).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let chance = bytes.suffix(7).reduce(UInt128(0)) { $0 << 8 | UInt128($1) } & (1 << 52 - 1)
        let number = time << 52 | chance
        return String(
            decoding: (0..<length).reversed().map { alphabet[Int(truncatingIfNeeded: number >> (5 * UInt128($0)) & 31)] },
            as: UTF8.self
        )
    }
}
