import HL7v2
import Pathways
import Timekeeping

/// One stay of one patient at one unit, as the messages that the hospital's system would send (PAM France 2.11).
struct HospitalStory: Sendable {
    enum Step: Sendable, CaseIterable {
        case admission, transfer, discharge
    }

    let patient: FictionalPatient
    let visit: String
    let unit: MedicalUnit
    let sender: HL7Sender
    /// Namespace and FINESS of the hospital.
    let namespace: String
    let finess: String
    /// ZFM-2 and ZFM-4.
    let exit: (mode: String, destination: String?)

    private var authority: ComponentDraft { [.text(namespace), .text(finess), .text("M")] }

    /// The message of a step that happens at `instant`.
    func message(_ step: Step, controlID: String, at instant: Instant) -> [UInt8] {
        let (trigger, structure, movement) =
            switch step {
            case .admission: ("A01", "ADT_A01", "1")
            case .transfer: ("A02", "ADT_A02", "2")
            case .discharge: ("A03", "ADT_A03", "3")
            }
        let now = FieldDraft(Timestamp(instant).description)
        var message = MessageBuilder { msh in
            msh[3] = FieldDraft(sender.application)
            msh[4] = FieldDraft(sender.facility)
            msh[5] = "RELAIS"
            msh[6] = "CPTS"
            msh[7] = now
            msh[9] = ["ADT", ComponentDraft(trigger), ComponentDraft(structure)]
            msh[10] = FieldDraft(controlID)
            msh[11] = "T"
            msh[12] = ["2.5", "FRA", "2.11"]
            msh[17] = "FRA"
            msh[18] = "UNICODE UTF-8"
            msh[21] = ["2.11", "IHE_FRANCE-2.11-PAM"]
        }
        message.append("EVN") { evn in
            evn[2] = now
            evn[6] = now
        }
        message.append("PID", fill)
        if let doctor = patient.attendingGP, step != .transfer {
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
            pv1[2] = "I"
            pv1[3] = [ComponentDraft(unit.code), "12", "1"]
            pv1[19] = [ComponentDraft(visit), nil, nil, authority, "VN"]
            if step == .discharge { pv1[36] = "3" }
            pv1[44] = now
        }
        message.append("ZBE") { zbe in
            zbe[1] = [ComponentDraft(movement), ComponentDraft(namespace), ComponentDraft(finess), "M"]
            zbe[2] = now
            zbe[4] = "INSERT"
            zbe[5] = "N"
            zbe[7] = [ComponentDraft(unit.name), nil, nil, nil, nil, authority, "UF", nil, nil, ComponentDraft(unit.code)]
            zbe[9] = "HMS"
        }
        if step == .discharge {
            message.append("ZFM") { zfm in
                zfm[2] = FieldDraft(exit.mode)
                zfm[4] = FieldDraft(exit.destination)
            }
        }
        return message.encoded()
    }

    private func fill(_ pid: inout SegmentDraft) {
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
        pid[18] = [ComponentDraft("NDA\(visit)"), nil, nil, authority, "AN"]
        pid[32] = "PROV"
    }
}
