import EventStore
import HL7v2
import Pathways

/// A frame that names several patients, cut so that each part can be sealed under the patient whom it names: what stands before the first PID
/// (MSH, EVN), then one group (PID, MRG and what follows them).
enum FrameParts {
    /// The most parts that are kept of one frame. One with more groups is refused whole, and its sender has it.
    static let limit = MergeReader.mergeLimit

    /// Only a merge (A40) names several: elsewhere the first PID says whose all of it is.
    static func of(_ frame: ReceivedFrame) -> [[UInt8]] {
        let trigger = frame.header.messageType.event.flatMap(ADTTrigger.init(rawValue:))
        return trigger?.meaning == .merge ? cut(frame.bytes) : [frame.bytes]
    }

    /// - Returns: the frame itself if it names one patient or none.
    static func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        let starts = bytes.indices.filter { beginsGroup(bytes, $0) }
        guard starts.count > 1, let first = starts.first else { return [bytes] }
        let ends = starts.dropFirst() + [bytes.endIndex]
        return zip(starts, ends).prefix(limit).map { Array(bytes[..<first] + bytes[$0..<$1]) }
    }

    private static let name = Array("PID".utf8)

    /// Whether a segment PID begins there: after the end of a line, as the parser reads it.
    private static func beginsGroup(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index > 0, bytes[index] == name[0], bytes[index - 1] == 0x0D || bytes[index - 1] == 0x0A else { return false }
        guard bytes.count > index + name.count, bytes[index..<(index + name.count)].elementsEqual(name) else { return false }
        // MSH-1, wherever the parser found the header.
        return !isAlphanumeric(bytes[index + name.count])
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}

extension MessageFacts {
    /// The same of a part of the frame.
    func of(part bytes: [UInt8]) -> MessageFacts {
        MessageFacts(
            application: application,
            facility: facility,
            controlID: controlID,
            trigger: trigger,
            digest: Hash256.of(bytes).hex,
            byteCount: bytes.count,
            charset: charset
        )
    }
}
