import HL7v2
import Pathways

/// Where a discharged patient goes, from the codes of an A03 (health-domain §A.7; tables: PAM France §6, 0112 FR for PV1-36, PMSI for
/// ZFM).
///
/// 1. Death (ZFM-2 = 9, PID-30) comes before everything.
/// 2. An institution that takes the patient in comes before the manner of leaving: PMSI feeds write an EHPAD as 8+7 or 7+7, hospital at
///    home as 8+6 or 7+6. It is named by ZFM-4, else by the FINESS in PV1-37. That number does not tell what kind of establishment it
///    is: beside « domicile » (ZFM-2 = 8) the destination is `unknown`, else a transfer.
/// 3. Leaving against advice (ZFM-2 = 4, PV1-36 = 4, F or E) comes before « domicile », which such feeds write beside it.
/// 4. A code outside its table leaves the destination `unknown`: the référent-parcours asks. It could be the site's own word for 3.
/// 5. Acts elsewhere and mutations (ZFM-2 = 0, 6), short absences (PV1-36 = A, P) and « départ MCO » (B) start nothing at home.
/// 6. Otherwise home, also when nothing at all is coded: that is the plain discharge of a site without ZFM, whose PV1-36 defaults to
///    « décision médicale ». A follow-up that is not needed is declined in a minute; one that is missing leaves a patient alone.
enum DischargeRouting {
    private static let exitModes: Set<String> = ["0", "4", "6", "7", "8", "9"]
    private static let exitDestinations: Set<String> = ["1", "2", "3", "4", "6", "7", "8"]
    private static let dispositions: Set<String> = ["2", "3", "4", "5", "6", "R", "E", "F", "A", "P", "S", "B", "REO", "PSA"]

    static func mode(pv1: Segment?, zfm: Segment?, isDeceased: Bool, _ findings: inout Findings) -> DischargeMode {
        let exitMode = zfm?.field(2).text
        let exitDestination = zfm?.field(4).text
        let disposition = pv1?.field(36).text
        let receivingFacility = pv1?.field(37).text
        var isCodedOtherwise = false
        func check(_ code: String?, _ location: String, _ isKnown: (String) -> Bool) {
            guard let code, !isKnown(code) else { return }
            findings.warn(.codeOutsideTable, at: location)
            isCodedOtherwise = true
        }
        check(exitMode, "ZFM-2", exitModes.contains)
        check(exitDestination, "ZFM-4", exitDestinations.contains)
        check(disposition, "PV1-36", dispositions.contains)
        check(receivingFacility, "PV1-37") { (try? FINESS($0)) != nil }

        let destination: DischargeDestination
        if isDeceased || exitMode == "9" {
            destination = .death
        } else if let institution = institution(exitDestination) {
            destination = institution
        } else if exitDestination == nil, let receivingFacility, (try? FINESS(receivingFacility)) != nil {
            destination = exitMode == "8" ? .unknown : .transfer
        } else if exitMode == "4" || ["4", "F", "E"].contains(disposition) {
            destination = .againstAdvice
        } else if isCodedOtherwise {
            destination = .unknown
        } else if ["A", "P", "B"].contains(disposition) {
            destination = .transfer
        } else if exitDestination == nil, ["0", "6", "7"].contains(exitMode) {
            destination = .transfer
        } else {
            destination = .home
        }
        return DischargeMode(
            destination: destination,
            exitMode: exitMode,
            exitDestination: exitDestination,
            disposition: disposition,
            receivingFacility: receivingFacility
        )
    }

    /// ZFM-4. 8 (SSIAD) is nursing at home, and no institution.
    private static func institution(_ code: String?) -> DischargeDestination? {
        switch code {
        case "1", "3", "4": .transfer
        case "2": .smr
        case "6": .had
        case "7": .ehpad
        default: nil
        }
    }
}
