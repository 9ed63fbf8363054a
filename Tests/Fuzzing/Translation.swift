import Coordination
import Crypto
import EventStore
import Foundation
import HL7v2
import Pathways
import Timekeeping

@testable import Intake

/// From bytes to what is recorded, without the log: a frame is read as its sender's profile says and translated, the same bytes always to the
/// same; what it states can be written, read again and taken in once; what is refused is answered with its reasons, and can be shown masked.
///
/// Input: one byte that says under which rules (`rules`), then the frame.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTranslation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let first = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    guard let territory, let clock, let frame = received(bytes) else { return 0 }
    let profile = profile(first)
    let reading = SiteReading(profile: profile)
    guard let message = try? reading.message(frame.message, of: bytes) else {
        hold(false, "a message that can be read can be read as its profile says")
        return 0
    }
    let context = TranslationContext(
        territory: territory,
        environment: first & 1 == 0 ? .test : .production,
        profile: profile,
        clock: clock,
        receivedAt: now,
        digest: frame.facts.digest,
        streams: streams
    )
    let translation = HL7Translator().translate(message, in: context)
    checkAgain(bytes, reading, context, translation)
    checkOutcome(translation)
    checkAnswer(frame, translation)
    checkFacts(translation)
    checkMask(message, frame, translation)
    _ = RoutingFacts(message, profile)
    return 0
}

// MARK: - Where it is read

private let now = Instant(millisecondsSinceEpoch: 1_794_312_000_000)
private let clock = TimeZone(identifier: "Europe/Paris").map { ZoneTable($0) }
private let streams = StreamNames(naming: StreamNaming(key: SymmetricKey(data: [7])), territory: "test-territory")

private let territory: Territory? = {
    guard let finess = try? FINESS("850099995"), let rpps = try? RPPS("99999000013") else { return nil }
    let sender = HL7Sender(application: "SIMHOSP", facility: "CHT")
    let hospital = Hospital(finess: finess, name: "Centre hospitalier d'essai", authorities: ["CHT"], senders: [sender], units: [])
    let referent = Referent(rpps: rpps, name: "Camille Moreau", phone: nil)
    return Territory(
        id: "test-territory",
        name: "Territoire d'essai",
        timeZone: "Europe/Paris",
        version: 1,
        referent: referent,
        communes: [],
        professionals: [],
        teams: [],
        hospitals: [hospital]
    )
}()

/// What was agreed with the sender: each bit another departure from the rules. The lowest is that of the environment.
private func profile(_ rules: UInt8) -> SiteProfile {
    var profile = SiteProfile.strict
    if rules & 2 != 0 { profile.isZBELenient = true }
    if rules & 4 != 0 { profile.account = rules & 8 != 0 ? .isVisit : .optional }
    if rules & 16 != 0 { profile.shifts = [.init(segment: "ZBE", field: 3, by: 1)] }
    if rules & 32 != 0 { profile.charset = "8859/15" }
    if rules & 64 != 0 { profile.authorities = ["CHT": "850099995", "850099995": "CHT"] }
    if rules & 128 != 0 { profile.dispositions = ["4": .smr, "DOM": .home] }
    return profile
}

private func received(_ bytes: [UInt8]) -> ReceivedFrame? {
    (try? Message(parsing: bytes)).map { ReceivedFrame($0, bytes: bytes, at: now) }
}

// MARK: - What it says

private func checkAgain(_ bytes: [UInt8], _ reading: SiteReading, _ context: TranslationContext, _ translation: Translation) {
    guard let frame = received(bytes), let message = try? reading.message(frame.message, of: bytes) else {
        hold(false, "the same bytes can be read again")
        return
    }
    hold(frame.facts.digest == context.digest, "the same bytes have the same digest")
    hold(HL7Translator().translate(message, in: context) == translation, "the same bytes say the same")
}

private func checkOutcome(_ translation: Translation) {
    let isEmpty = translation.report == nil && translation.identity == nil && translation.merges.isEmpty && translation.move == nil
    switch translation.outcome {
    case .refused, .quarantined:
        hold(!translation.faults.isEmpty, "what is refused says why")
        hold(isEmpty, "what is refused states nothing")
    case .ignored:
        hold(translation.faults.isEmpty && isEmpty, "what is ignored has no fault and states nothing")
    case .accepted:
        hold(translation.faults.isEmpty, "what is accepted has no fault")
    case .orphan:
        hold(false, "a message alone does not tell an orphan")
    }
    hold(Set(translation.warnings).count == translation.warnings.count, "a remark is made once")
    hold(Set(translation.faults).count == translation.faults.count, "a fault is told once")
    hold(translation.source.utf8.allSatisfy { (0x21...0x7E).contains($0) } && translation.source.utf8.count < 600, "the source is a short URN")
}

private func checkAnswer(_ frame: ReceivedFrame, _ translation: Translation) {
    let isRefusal = !translation.faults.isEmpty
    let code: AcknowledgementCode = !isRefusal ? .applicationAccept : translation.outcome == .refused ? .applicationReject : .applicationError
    let sent = Acknowledgement(frame.header.acknowledgementCode(for: code), to: frame.header, errors: translation.remarks)
    let bytes = sent.encoded(answering: frame.header, ownControlID: "R-1", at: now)
    guard let answer = try? Message(parsing: bytes), let read = try? Acknowledgement(answer) else {
        hold(false, "an answer can be read")
        return
    }
    hold(read.code == sent.code && read.errors == sent.errors, "an answer says what was meant")
    hold(isRefusal != ["AA", "CA"].contains(read.code.rawValue), "a refusal is AE, AR, CE or CR, and nothing else is")
    let errors = read.errors.filter { $0.severity == .error }
    hold(errors.count == translation.faults.count, "each fault has its ERR, and nothing else is an error")
    hold(errors.allSatisfy { ErrorCode(rawValue: $0.code) != nil && $0.location != nil }, "each has a code of table 0357 and a place")
    let places = read.errors.filter { $0.severity == .warning }.map { $0.location != nil }
    hold(places == translation.warnings.map { $0.location != nil }, "a remark keeps its place")
}

// MARK: - What is recorded

private func checkFacts(_ translation: Translation) {
    if let identity = translation.identity { checkIdentity(identity) }
    for merge in translation.merges {
        checkWritten(merge)
        hold(StreamID(hex: merge.retired.stream) != nil && StreamID(hex: merge.survivor.stream) != nil, "a merge names streams")
    }
    if let move = translation.move {
        checkWritten(move)
        hold(StreamID(hex: move.from.stream) != nil && StreamID(hex: move.to.stream) != nil, "a move names streams")
    }
    guard let report = translation.report, let reference = translation.reference else {
        hold(translation.report == nil, "a report is of a visit")
        return
    }
    let happened = events(of: report, reference, on: Pathway())
    hold(!happened.isEmpty, "what is told of a visit for the first time is recorded")
    for event in happened {
        let read = try? PathwayEvent(type: type(of: event.body).type, payload: event.body.payload)
        hold(read == event, "an event of a visit is read as written")
    }
    let pathway = Pathway(folding: happened)
    hold(events(of: report, reference, on: pathway).isEmpty, "what is told twice changes nothing")
    _ = (pathway.status, pathway.status(isDeceased: true), pathway.careCircle, pathway.plannedDischargeAt)
}

/// Nothing alone contradicts itself.
private func events(of report: VisitReport, _ reference: PathwayReference, on pathway: Pathway) -> [PathwayEvent] {
    guard let events = try? decide(.report(report, reference), given: pathway, under: ProtocolLibrary()) else {
        hold(false, "one report contradicts nothing")
        return []
    }
    return events
}

private func checkIdentity(_ statement: PatientIdentified) {
    checkWritten(statement)
    var patient = Patient()
    guard let first = patient.decide(statement) else {
        // Nothing but the number: there is nothing to record.
        return
    }
    patient.evolve(with: first)
    hold(patient.decide(statement) == nil, "an identity told twice changes nothing")
    hold(patient.identity != nil, "an identity that is recorded is known")
}

private func checkWritten<Body: EventBody>(_ body: Body) {
    hold((try? Body(payload: body.payload)) == body, "an event is read as written")
}

// MARK: - What an operator sees

private func checkMask(_ message: Message, _ frame: ReceivedFrame, _ translation: Translation) {
    let received = MessageReceived(
        facts: frame.facts,
        outcome: translation.outcome,
        acknowledgement: "AE",
        warnings: translation.warnings,
        errors: translation.faults.map(\.description)
    )
    checkWritten(received)
    guard translation.outcome == .quarantined else { return }
    let masked = MaskedMessage(message, received)
    hold(masked.faults == received.errors, "a masked message has its faults")
    // Of very many segments the last are left out.
    guard message.segments.count <= masked.segments.count else { return }
    let shown = masked.segments.flatMap { $0.faults + $0.fields.flatMap(\.faults) }
    hold(Set(shown).isSuperset(of: received.errors), "each fault is shown at its place")
    for field in masked.segments.flatMap(\.fields) where field.location == "PID-5" || field.location == "PID-7" {
        let isHidden = field.value.unicodeScalars.allSatisfy { scalar in
            scalar == "x" || scalar == "9" || !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        }
        hold(isHidden, "a name and a date of birth show their shape only")
    }
}
