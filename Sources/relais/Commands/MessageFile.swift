import HL7v2

/// A file of messages: MLLP frames, or ER7 texts one behind another.
enum MessageFile {
    static func messages(in bytes: [UInt8]) -> [[UInt8]] {
        if bytes.first == MLLPFraming.start {
            var decoder = MLLPFrameDecoder(maximumFrameLength: max(bytes.count, 1))
            decoder.append(bytes)
            var frames: [[UInt8]] = []
            while let event = decoder.next() { if case .frame(let frame) = event { frames.append(frame) } }
            return frames
        }
        // A message begins with MSH at the beginning of a line; the first line may have a byte order mark.
        let text = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        let header = Array("MSH".utf8)
        var starts: [Int] = []
        for index in text.indices where text[index] == header[0] {
            let isLineStart = index == 0 || text[index - 1] == 0x0D || text[index - 1] == 0x0A
            if isLineStart, text[index...].starts(with: header) { starts.append(index) }
        }
        guard !starts.isEmpty else { return text.isEmpty ? [] : [text] }
        return zip(starts, starts.dropFirst() + [text.count]).map { Array(text[$0..<$1]) }
    }
}
