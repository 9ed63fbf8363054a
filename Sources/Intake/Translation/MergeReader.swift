import HL7v2
import Pathways

/// MRG: which number is another's, and whose file is another's (A40, A47, A44; PAM France §4, health-domain §A.1).
struct MergeReader {
    /// The most merges that one message may hold: each is recorded in two streams of the same append.
    static let mergeLimit = 100

    let key: PatientKey
    let context: TranslationContext
    let statement: Statement

    /// A40 (ADT_A39): each PID with the MRG that follows it. One without the other is a fault: acknowledged, it would be lost in silence.
    func merges(in message: Message, _ findings: inout Findings) -> [PatientsMerged] {
        var merges: [PatientsMerged] = []
        var pid: Segment?
        var pids = 0
        var number = 0
        for segment in message.segments {
            switch segment.name {
            case .pid?:
                if pid != nil { failAlone(pids, &findings) }
                pid = segment
                pids += 1
            case .mrg?:
                number += 1
                guard number <= Self.mergeLimit else {
                    let place = Location(.mrg, occurrence: number)
                    findings.fail(.segmentSequence, at: place, "at most \(Self.mergeLimit) merges are taken in one message")
                    return []
                }
                guard let named = pid else {
                    let place = Location(.mrg, occurrence: number)
                    findings.fail(.segmentSequence, at: place, "no PID of its own stands before it: who it is merged into is not said")
                    continue
                }
                pid = nil
                let place = Location(.mrg, occurrence: number, field: 1)
                let survivor = key.read(PatientKey.identifiers(named.field(3)), at: Location(.pid, occurrence: pids, field: 3), &findings)
                let retired = key.read(PatientKey.identifiers(segment.field(1)), at: place, &findings)
                guard let survivor, let retired else { continue }
                if survivor == retired {
                    findings.fail(.duplicateKey, at: place, "the number that is retired is the one that stays")
                } else {
                    merges.append(merge(retired, into: survivor))
                }
            default: break
            }
        }
        if number == 0 {
            failMissing(&findings)
        } else if pid != nil {
            failAlone(pids, &findings)
        }
        return merges
    }

    /// A47: nil where the local number stays as it is.
    func change(_ survivor: LocalIdentifier?, _ mrg: Segment?, _ findings: inout Findings) -> PatientsMerged? {
        guard let mrg, !mrg.field(1).isEmpty else {
            failMissing(&findings)
            return nil
        }
        // It often names the INS that is replaced, and no local number.
        var quiet = Findings()
        guard let survivor, let retired = key.read(PatientKey.identifiers(mrg.field(1)), at: .priorIdentifiers, &quiet), retired != survivor else {
            return nil
        }
        return merge(retired, into: survivor)
    }

    /// A44: the file is named by MRG-3, else by PID-18.
    func move(to patient: LocalIdentifier?, _ pid: Segment?, _ mrg: Segment?, _ findings: inout Findings) -> DossierMoved? {
        guard let mrg else {
            failMissing(&findings)
            return nil
        }
        let prior = key.read(PatientKey.identifiers(mrg.field(1)), at: .priorIdentifiers, &findings)
        guard let account = account(mrg.field(3)) ?? account(pid?.field(18)) else {
            findings.fail(.requiredFieldMissing, at: .account, "the administrative file (NDA) that is moved is missing")
            return nil
        }
        guard let patient, let prior else { return nil }
        guard patient != prior else {
            findings.fail(.duplicateKey, at: .priorIdentifiers, "the file is moved to the patient who has it")
            return nil
        }
        let authority = key.authorities.name(account.authority) ?? prior.authority
        guard let number = account.id.text else { return nil }
        return DossierMoved(
            account: LocalIdentifier(authority: authority, value: number),
            from: context.link(prior),
            to: context.link(patient),
            statement: statement
        )
    }

    private func account(_ field: Field?) -> CX? {
        guard let field, field.text != nil else { return nil }
        return CX(field.repetition(1))
    }

    private func merge(_ retired: LocalIdentifier, into survivor: LocalIdentifier) -> PatientsMerged {
        PatientsMerged(retired: context.link(retired), survivor: context.link(survivor), statement: statement)
    }

    private func failAlone(_ pid: Int, _ findings: inout Findings) {
        findings.fail(.segmentSequence, at: Location(.pid, occurrence: pid), "no MRG follows it: what is merged into it is not said")
    }

    private func failMissing(_ findings: inout Findings) {
        findings.fail(.requiredFieldMissing, at: .priorIdentifiers, "the identifiers that are replaced are missing")
    }
}
