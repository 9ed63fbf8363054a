public import Pathways
public import Timekeeping

/// One plain stay of one patient at one unit, as the messages that the hospital's system would send: for demonstrations and measurements.
public struct HospitalStory: Sendable {
    public enum Step: Sendable, CaseIterable {
        case admission, transfer, discharge
    }

    public let patient: FictionalPatient
    /// PV1-19.
    public let visit: String
    public let unit: MedicalUnit
    public let sender: HospitalSender
    public let exit: HospitalExit

    public init(patient: FictionalPatient, visit: String, unit: MedicalUnit, sender: HospitalSender, exit: HospitalExit) {
        self.patient = patient
        self.visit = visit
        self.unit = unit
        self.sender = sender
        self.exit = exit
    }

    /// The message of a step that happens, and is typed in, at `instant`.
    public func message(_ step: Step, controlID: String, at instant: Instant) -> [UInt8] {
        let statement =
            switch step {
            case .admission: HospitalStatement(.admission, movement: "1", at: instant, statedAt: instant, unit: unit)
            case .transfer: HospitalStatement(.transfer, movement: "2", at: instant, statedAt: instant, unit: unit)
            case .discharge: HospitalStatement(.discharge, movement: "3", at: instant, statedAt: instant, unit: unit, exit: exit)
            }
        return HospitalMessage(from: sender).movement(statement, of: patient, visit: visit, controlID: controlID)
    }
}
