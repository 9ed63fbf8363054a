import Foundation
import HL7v2
import Timekeeping

/// Any bytes are read or refused; what was read can be walked, acknowledged and written, and comes back the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    let lenient = MessageHeader(lenientlyFrom: input)
    guard let message = try? Message(parsing: input) else {
        if let lenient { checkAcknowledgement(of: lenient) }
        return 0
    }
    hold(lenient != nil, "a message that can be read has a header that can be read")
    // The lenient reader is for what the other refuses: it takes four encoding characters or the usual ones, and stops at the first LF.
    if !message.irregularities.contains(.delimiters), !message.header.segment.raw.utf8.contains(0x0A) {
        hold(message.header.controlID == lenient?.controlID, "both readers give the same MSH-10")
    }
    checkAcknowledgement(of: message.header)
    checkWalk(message)
    checkRewriting(message)
    return 0
}

// MARK: - Walking

private let paris = TimeZone(identifier: "Europe/Paris").map { ZoneTable($0) }

private func checkWalk(_ message: Message) {
    for segment in message.segments {
        let fields = segment.fields
        hold(fields.count == segment.fieldCount, "the fields are as many as their count")
        for (index, field) in fields.enumerated() where !field.isEmpty {
            // A place is looked up from the start of its segment, which takes long at the end of a long one.
            if index < 64 { hold(segment.field(index + 1) == field, "a field is the same by number and in order") }
            for repetition in field.repetitions { checkParts(repetition) }
            checkTypes(field.repetition(1), index)
        }
        hold(segment.field(segment.fieldCount + 1).isEmpty && segment.field(.max).isEmpty && segment.field(.min).isEmpty, "nothing lies outside")
        if segment.name == "ERR" { _ = MessageError(segment) }
    }
    let header = message.header
    _ = (header.timestamp, header.messageType, header.profiles, header.acknowledgementMode, header.acceptCondition, header.applicationCondition)
    _ = (header.sendingFacility, header.receivingFacility, header.processingID, header.version, header.country, header.charsetLabel)
    _ = try? Acknowledgement(message)
}

private func checkParts(_ repetition: Repetition) {
    for component in repetition.components where !component.isEmpty {
        hold(!component.subcomponents.isEmpty, "a component that is not empty has parts")
        if let text = component.text { checkTimestamp(text) }
    }
}

/// Reads a repetition as one of the data types: as all of them would cost more executions than it finds faults.
private func checkTypes(_ repetition: Repetition, _ number: Int) {
    switch number % 8 {
    case 0: _ = (HD(repetition).isEmpty, MSG(repetition))
    case 1: _ = Location(erl: repetition).map { hold(Location(path: $0.description)?.description == $0.description, "a location is read as printed") }
    case 2: _ = (CX(repetition).id, CX(repetition).authority, CX(repetition).effectiveDate, CX(repetition).expirationDate)
    case 3: _ = (XCN(repetition).authority, EI(repetition))
    case 4: _ = (XPN(repetition).family, XPN(repetition).isNull)
    case 5: _ = XON(repetition)
    case 6: _ = XAD(repetition)
    default: _ = (CWE(repetition), PL(repetition))
    }
}

private func checkTimestamp(_ text: String) {
    guard let timestamp = Timestamp(text) else { return }
    // The fraction is written with three digits whatever it was read with.
    hold(Timestamp(timestamp.description) == timestamp, "a time is read from what it prints")
    guard let paris else { return }
    let instant = timestamp.instant(in: paris)
    hold(!(timestamp.isAmbiguous(in: paris) && timestamp.isSkipped(in: paris)), "no reading is both repeated and skipped")
    hold(timestamp.offsetMinutes == nil || timestamp.instant == instant, "a written offset decides")
    if (1...9_998).contains(timestamp.date.year) {
        hold(Instant(rfc3339: instant.rfc3339) == instant, "an instant is read from what it prints")
        hold(Timestamp(instant).instant == instant, "an instant survives being written as a time")
    }
}

// MARK: - Answering

private let now = Instant(millisecondsSinceEpoch: 1_795_345_200_000, offsetMinutes: 60)

private func checkAcknowledgement(of header: MessageHeader) {
    let sent = Acknowledgement(
        .applicationError,
        to: header,
        errors: [
            MessageError(.requiredFieldMissing, at: Location("ZBE", field: 1, repetition: 1, component: 2), diagnostic: "ZBE-1 | is empty"),
            MessageError(.accepted, severity: .warning, applicationCode: "terminators"),
        ]
    )
    let bytes = sent.encoded(answering: header, ownControlID: "R-1", at: now)
    guard let answer = try? Message(parsing: bytes), let read = try? Acknowledgement(answer) else {
        hold(false, "an acknowledgement can be read")
        return
    }
    var said = read
    // A control id with delimiters in it is echoed with ours, and with none behind which nothing stands.
    if header.controlID != header.segment.field(10).text { said.controlID = sent.controlID }
    hold(said == sent, "an acknowledgement says what was meant")
    hold(answer.irregularities.isEmpty, "an acknowledgement is regular")
    hold(answer.header.sendingApplication == header.receivingApplication, "MSH-3 of the answer is MSH-5 of the message")
    hold(answer.header.receivingFacility == header.sendingFacility, "MSH-6 of the answer is MSH-4 of the message")
    hold(answer.header.processingID == header.processingID ?? "P" && answer.header.version == header.version ?? "2.5", "MSH-11 and MSH-12 are echoed")
    hold(MessageBuilder(copying: answer).encoded() == bytes, "an acknowledgement is written as the message builder writes")
}

// MARK: - Writing

private func checkRewriting(_ message: Message) {
    guard let again = try? Message(parsing: message.encoded) else {
        hold(false, "what is sent on can be read")
        return
    }
    hold(again == message, "what is sent on is the same message")
    hold(again.header.controlID == message.header.controlID, "what is sent on has the same MSH-10")

    let written = MessageBuilder(copying: message).encoded()
    guard let rewritten = try? Message(parsing: written) else {
        hold(false, "what is rewritten can be read")
        return
    }
    hold(MessageBuilder(copying: rewritten).encoded() == written, "rewriting twice changes nothing")
    for (old, new) in zip(message.segments.filter { $0.name != nil }, rewritten.segments) {
        hold(old.name == new.name, "rewriting keeps the segments")
        for (before, after) in zip(old.fields, new.fields) where old.name != "MSH" {
            hold(before.value == after.value, "rewriting keeps the values")
        }
    }
}
