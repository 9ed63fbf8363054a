/// The bytes that hold a message on a stream (MLLP release 1, HL7 v2.5 implementation guide appendix C): VT, message, FS CR.
public enum MLLPFraming {
    /// VT, before a message.
    public static let start: UInt8 = 0x0B
    /// FS, after it, followed by `carriageReturn`.
    public static let end: UInt8 = 0x1C
    public static let carriageReturn: UInt8 = 0x0D

    /// `message` in its frame.
    public static func frame(_ message: [UInt8]) -> [UInt8] {
        var framed: [UInt8] = []
        framed.reserveCapacity(message.count + 3)
        framed.append(start)
        framed.append(contentsOf: message)
        framed.append(end)
        framed.append(carriageReturn)
        return framed
    }
}
