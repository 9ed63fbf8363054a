import HL7v2
import Pathways

/// A frame as its sender's site profile says to read it: in the character set and at the places that were agreed.
struct SiteReading {
    let profile: SiteProfile

    /// - Parameter message: of those bytes, read by the usual rules.
    /// - Throws: `ParseError` if the header cannot be read any more.
    func message(_ message: Message, of bytes: [UInt8]) throws(ParseError) -> Message {
        var message = message
        if message.charset.charset == .latin1 || message.charset.charset == .latin9, let agreed = profile.charset.flatMap({ Charset(label: $0) }) {
            message = try Message(parsing: bytes, agreed: agreed)
        }
        guard !profile.shifts.isEmpty else { return message }
        var editor = MessageEditor(message)
        for shift in profile.shifts {
            guard let segment = SegmentName(shift.segment) else { continue }
            editor.moveBack(segment, from: shift.field, by: shift.by)
        }
        return try editor.message()
    }
}
