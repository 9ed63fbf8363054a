/// Writes a message straight into bytes, as `MessageBuilder` would: for messages written by the thousand, whose fields come in order.
///
/// What is empty is not written, nor are the separators before it unless something follows.
struct MessageWriter {
    private static let delimiters = Delimiters.standard

    private(set) var bytes: [UInt8] = []
    /// The number of the last field that the segment has so far.
    private var written = 0

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Starts a segment. MSH gets its first two fields.
    mutating func begin(_ name: SegmentName) {
        name.write(into: &bytes)
        written = 0
        guard name == .header else { return }
        bytes.append(Self.delimiters.field)
        Self.delimiters.writeEncodingCharacters(into: &bytes)
        written = 2
    }

    /// Ends the segment.
    mutating func end() {
        bytes.append(0x0D)
    }

    /// A field of up to three components.
    mutating func field(_ number: Int, _ first: String?, _ second: String? = nil, _ third: String? = nil) {
        field(number) { bytes in
            var end = bytes.count
            Self.component(first, before: true, &end, &bytes)
            Self.component(second, before: third != nil, &end, &bytes)
            Self.component(third, before: false, &end, &bytes)
            bytes.removeSubrange(end...)
        }
    }

    /// A field of any components.
    mutating func field(_ number: Int, components: [String?]) {
        field(number) { bytes in
            var end = bytes.count
            for component in components { Self.component(component, before: true, &end, &bytes) }
            bytes.removeSubrange(end...)
        }
    }

    /// A received field, to be written again.
    mutating func field(_ number: Int, copying received: Field) {
        guard !received.isEmpty else { return }
        field(number) { bytes in
            if received.slice.isWritten(with: Self.delimiters) {
                bytes.append(contentsOf: received.slice.bytes)
            } else {
                FieldDraft(copying: received).encode(Self.delimiters, into: &bytes)
            }
        }
    }

    private mutating func field(_ number: Int, _ write: (inout [UInt8]) -> Void) {
        let mark = bytes.count
        for _ in written..<max(number, written) { bytes.append(Self.delimiters.field) }
        let start = bytes.count
        write(&bytes)
        if bytes.count > start { written = number } else { bytes.removeSubrange(mark...) }
    }

    /// `end` moves behind the component unless it is empty.
    private static func component(_ text: String?, before more: Bool, _ end: inout Int, _ bytes: inout [UInt8]) {
        if let text, !text.isEmpty {
            Escaping.encode(text, delimiters: delimiters, into: &bytes)
            end = bytes.count
        }
        if more { bytes.append(delimiters.component) }
    }
}
