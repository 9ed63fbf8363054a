/// The transparent form of a message behind DATA (RFC 5321 §4.5.2).
enum DotStuffing {
    /// - Parameter content: lines ended by CRLF, as `MailComposer` writes them.
    /// - Returns: the content with a dot doubled at each line's start, and the line that ends it.
    static func encode(_ content: [UInt8]) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        let lineFeed = UInt8(ascii: "\n")
        var result: [UInt8] = []
        result.reserveCapacity(content.count + 16)
        var previous = lineFeed
        for byte in content {
            if byte == dot, previous == lineFeed { result.append(dot) }
            result.append(byte)
            previous = byte
        }
        if previous != lineFeed { result += Array("\r\n".utf8) }
        return result + Array(".\r\n".utf8)
    }
}
