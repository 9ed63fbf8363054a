import HL7v2

/// The events of a stream do not depend on how it was cut, and are those of a decoder that looks at the whole stream at once.
///
/// Input: the longest frame allowed less one, how many cuts there are (0 to 15), the length of each piece, and the stream. The lengths are used
/// over and over until the stream is used up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFramer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard input.count > 2 else { return 0 }
    let limit = Int(input[0]) + 1
    let cuts = min(Int(input[1] & 15), input.count - 2)
    let lengths = input[2..<2 + cuts].map { Int($0) }
    let stream = Array(input[(2 + cuts)...])

    let expected = eventsOfWhole(stream, limit: limit)
    hold(events(of: [stream[...]], limit: limit) == expected, "a stream in one piece gives the events of the simple decoder")
    hold(events(of: stream.indices.map { stream[$0...$0] }, limit: limit) == expected, "byte by byte gives the same events")
    hold(events(of: pieces(of: stream, lengths: lengths), limit: limit) == expected, "any cuts give the same events")

    if stream.count <= limit, !holdsEndOrRestart(stream) {
        hold(events(of: [MLLPFraming.frame(stream)[...]], limit: limit) == [.frame(stream)], "what is framed is unframed")
    }
    return 0
}

private func events(of pieces: [ArraySlice<UInt8>], limit: Int) -> [MLLPFrameDecoder.Event] {
    var decoder = MLLPFrameDecoder(maximumFrameLength: limit)
    var events: [MLLPFrameDecoder.Event] = []
    for piece in pieces {
        decoder.append(piece)
        while let event = decoder.next() { events.append(event) }
    }
    while let event = decoder.finish() { events.append(event) }
    hold(decoder.next() == nil && !decoder.isInsideFrame && decoder.bufferedByteCount == 0, "nothing is left after the end")
    return events
}

private func pieces(of stream: [UInt8], lengths: [Int]) -> [ArraySlice<UInt8>] {
    guard lengths.contains(where: { $0 > 0 }) else { return [stream[...]] }
    var pieces: [ArraySlice<UInt8>] = []
    var rest = stream[...]
    while !rest.isEmpty {
        for length in lengths {
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
    }
    return pieces
}

/// The same protocol written a second time, without states: correct by looking.
private func eventsOfWhole(_ stream: [UInt8], limit: Int) -> [MLLPFrameDecoder.Event] {
    var events: [MLLPFrameDecoder.Event] = []
    var rest = stream[...]
    while true {
        let outside = rest.prefix { $0 != MLLPFraming.start }
        let garbage = outside.count { $0 != 0x0D && $0 != 0x0A }
        if garbage > 0 { events.append(.garbage(byteCount: garbage)) }
        rest = rest[outside.endIndex...]
        guard !rest.isEmpty else { return events }
        rest = rest.dropFirst()

        let end = rest.indices.first { stream[$0] == MLLPFraming.end && $0 + 1 < stream.count && stream[$0 + 1] == MLLPFraming.carriageReturn }
        guard let end, end - rest.startIndex <= limit else {
            // One byte more than the limit may still be the FS of an end whose CR has not come.
            return events + [rest.count >= limit + 2 ? .oversize : .truncated(Array(rest))]
        }
        var content = rest[..<end]
        if let restart = content.indices.last(where: { content[$0...].starts(with: restartMark) }) {
            events.append(.truncated(Array(content[..<restart])))
            content = content[(restart + 1)...]
        }
        events.append(.frame(Array(content)))
        rest = rest[(end + 2)...]
    }
}

private let restartMark = [MLLPFraming.start] + Array("MSH".utf8)

private func holdsEndOrRestart(_ content: [UInt8]) -> Bool {
    content.indices.contains { index in
        content[index...].starts(with: [MLLPFraming.end, MLLPFraming.carriageReturn]) || content[index...].starts(with: restartMark)
    }
}
