import HL7v2

/// A message on its way through the readers, with the segments that several of them look at found once.
struct ADTSegments {
    let message: Message
    let header: MessageHeader
    let evn: Segment?
    let pid: Segment?
    let pv1: Segment?
    let zbe: Segment?
    let zfm: Segment?

    init(_ message: Message, _ header: MessageHeader) {
        self.message = message
        self.header = header
        evn = message.segment(.evn)
        pid = message.segment(.pid)
        pv1 = message.segment(.pv1)
        zbe = message.segment(.zbe)
        zfm = message.segment(.zfm)
    }
}
