import HL7v2
import Pathways
public import Timekeeping

/// Writes what a hospital says as the messages its system would send (PAM France 2.11).
public struct HospitalMessage: Sendable {
    private let sender: HospitalSender

    public init(from sender: HospitalSender) { self.sender = sender }

    /// - Parameters:
    ///   - visit: PV1-19.
    ///   - controlID: MSH-10, at most 20 characters.
    /// - Returns: the bytes of the message, without MLLP envelope.
    public func movement(_ statement: HospitalStatement, of patient: FictionalPatient, visit: String, controlID: String) -> [UInt8] {
        let at = Self.time(statement.at)
        let trigger = statement.trigger
        var message = start(trigger, controlID: controlID, statedAt: statement.statedAt)
        message.append("EVN") { evn in
            evn[2] = Self.time(statement.statedAt)
            if let expected = statement.expectedAt { evn[3] = Self.time(expected) }
            evn[6] = at
        }
        message.append("PID") { fill(&$0, patient, visit: visit) }
        if let doctor = patient.attendingGP, [.admission, .preadmission, .registration, .discharge].contains(trigger) {
            message.append("ROL") { rol in
                rol[2] = "UC"
                rol[3] = "ODRP"
                rol[4] = [
                    ComponentDraft(doctor.rpps.value), ComponentDraft(doctor.family), ComponentDraft(doctor.given), nil, nil, nil, nil, nil,
                    ["ASIP-SANTE-PS", "1.2.250.1.71.4.2.1", "ISO"], "L", nil, nil, "RPPS",
                ]
            }
        }
        message.append("PV1") { pv1 in
            pv1[1] = "1"
            pv1[2] = statement.isEmergency ? "E" : "I"
            pv1[3] = [ComponentDraft(statement.unit.code), "12", "1"]
            pv1[19] = [ComponentDraft(visit), nil, nil, authority, "VN"]
            if statement.exit != nil { pv1[36] = "3" }
            pv1[44] = at
        }
        message.append("ZBE") { zbe in
            zbe[1] = [ComponentDraft(statement.movement), ComponentDraft(sender.namespace), ComponentDraft(sender.finess), "M"]
            zbe[2] = at
            zbe[4] = FieldDraft(trigger.action)
            zbe[5] = "N"
            if let original = statement.original { zbe[6] = FieldDraft(original.rawValue) }
            zbe[7] = [ComponentDraft(statement.unit.name), nil, nil, nil, nil, authority, "UF", nil, nil, ComponentDraft(statement.unit.code)]
            zbe[9] = "HMS"
        }
        if let exit = statement.exit {
            message.append("ZFM") { zfm in
                zfm[2] = FieldDraft(exit.codes.mode)
                zfm[4] = FieldDraft(exit.codes.destination)
            }
        }
        return message.encoded()
    }

    /// Two numbers are one person: `retired` is used no more (A40).
    public func merge(_ retired: String, into patient: FictionalPatient, statedAt: Instant, controlID: String) -> [UInt8] {
        var message = start(.merge, controlID: controlID, statedAt: statedAt)
        message.append("EVN") { $0[2] = Self.time(statedAt) }
        message.append("PID") { fill(&$0, patient, visit: nil) }
        message.append("MRG") { $0[1] = [ComponentDraft(retired), nil, nil, authority, "PI"] }
        return message.encoded()
    }

    private var authority: ComponentDraft { [.text(sender.namespace), .text(sender.finess), .text("M")] }

    private static func time(_ instant: Instant) -> FieldDraft { FieldDraft(Timestamp(ParisTime.written(instant)).description) }

    private func start(_ trigger: HospitalTrigger, controlID: String, statedAt: Instant) -> MessageBuilder {
        MessageBuilder { msh in
            msh[3] = FieldDraft(sender.application)
            msh[4] = FieldDraft(sender.facility)
            msh[5] = "RELAIS"
            msh[6] = "CPTS"
            msh[7] = Self.time(statedAt)
            msh[9] = ["ADT", ComponentDraft(trigger.rawValue), ComponentDraft(trigger.structure)]
            msh[10] = FieldDraft(controlID)
            msh[11] = "T"
            msh[12] = ["2.5", "FRA", "2.11"]
            msh[17] = "FRA"
            msh[18] = "UNICODE UTF-8"
            msh[21] = ["2.11", "IHE_FRANCE-2.11-PAM"]
        }
    }

    private func fill(_ pid: inout SegmentDraft, _ patient: FictionalPatient, visit: String?) {
        pid[1] = "1"
        pid[3] = [ComponentDraft(patient.number), nil, nil, authority, "PI"]
        pid[5] = [ComponentDraft(patient.family), ComponentDraft(patient.given), ComponentDraft(patient.given), nil, nil, nil, "L"]
        pid[7] = FieldDraft(patient.birthDate)
        pid[8] = FieldDraft(patient.sex)
        pid[11] = [
            ComponentDraft(patient.line), nil, ComponentDraft(patient.commune.name.uppercased()), nil,
            ComponentDraft(patient.commune.postalCodes.first), "FRA", "H",
        ]
        pid[13] = [ComponentDraft(patient.phone), "PRN", "PH"]
        if let visit { pid[18] = [ComponentDraft("NDA\(visit)"), nil, nil, authority, "AN"] }
        pid[32] = "PROV"
    }
}
