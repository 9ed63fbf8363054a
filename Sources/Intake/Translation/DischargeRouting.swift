import HL7v2
import Pathways

/// Where a discharged patient goes, from the codes of an A03 (health-domain §A.7; tables: PAM France §6, 0112 FR for PV1-36, PMSI for
/// ZFM).
///
/// 1. Death (ZFM-2 = 9, PID-30) comes before everything.
/// 2. An institution that takes the patient in comes before the manner of leaving: PMSI feeds write an EHPAD as 8+7 or 7+7, hospital at
///    home as 8+6 or 7+6. It is named by ZFM-4, else by a PV1-36 of the site's own, else by the FINESS in PV1-37. That number does not
///    tell what kind of establishment it is: beside « domicile » (ZFM-2 = 8) the destination is `unknown`, else a transfer.
/// 3. Leaving against advice (ZFM-2 = 4, PV1-36 = 4, F or E) comes before « domicile », which such feeds write beside it.
/// 4. A code outside its table leaves the destination `unknown`: the référent-parcours asks. It could be the site's own word for 3.
/// 5. Acts elsewhere and mutations (ZFM-2 = 0, 6), short absences (PV1-36 = A, P) and « départ MCO » (B) start nothing at home.
/// 6. Otherwise home, also when nothing at all is coded: that is the plain discharge of a site without ZFM, whose PV1-36 defaults to
///    « décision médicale ». A follow-up that is not needed is declined in a minute; one that is missing leaves a patient alone.
///
/// A PV1-36 that the site profile explains means what the profile says, also where table 0112 has that code.
struct DischargeRouting {
    private static let exitModes: Set<String> = ["0", "4", "6", "7", "8", "9"]
    private static let exitDestinations: Set<String> = ["1", "2", "3", "4", "6", "7", "8"]
    private static let dispositions: [String: DischargeDestination] = [
        "2": .home, "3": .home, "4": .againstAdvice, "5": .home, "6": .home, "R": .home, "E": .againstAdvice, "F": .againstAdvice, "A": .transfer,
        "P": .transfer, "S": .home, "B": .transfer, "REO": .home, "PSA": .home,
    ]

    /// The site's own codes of PV1-36.
    let siteDispositions: [String: DischargeDestination]

    func mode(_ codes: DischargeCodes, isDeceased: Bool, _ findings: inout Findings) -> DischargeMode {
        DischargeMode(
            destination: destination(codes, isDeceased: isDeceased, isCodedOtherwise: checkTables(codes, &findings)),
            exitMode: codes.exitMode,
            exitDestination: codes.exitDestination,
            disposition: codes.disposition,
            receivingFacility: codes.receivingFacility,
            siteExitMode: codes.siteExitMode
        )
    }

    private func destination(_ codes: DischargeCodes, isDeceased: Bool, isCodedOtherwise: Bool) -> DischargeDestination {
        let ofSite = codes.disposition.flatMap { siteDispositions[$0] }
        let ofTable = ofSite == nil ? codes.disposition.flatMap { Self.dispositions[$0] } : nil
        if isDeceased || codes.exitMode == "9" || ofSite == .death { return .death }
        if let institution = Self.institution(codes.exitDestination) { return institution }
        if let ofSite, [.smr, .had, .ehpad, .transfer].contains(ofSite) { return ofSite }
        if codes.exitDestination == nil, let facility = codes.receivingFacility, (try? FINESS(facility)) != nil {
            return codes.exitMode == "8" ? .unknown : .transfer
        }
        if codes.exitMode == "4" || (ofSite ?? ofTable) == .againstAdvice { return .againstAdvice }
        if isCodedOtherwise || ofSite == .unknown { return .unknown }
        if ofTable == .transfer { return .transfer }
        if codes.exitDestination == nil, let mode = codes.exitMode, ["0", "6", "7"].contains(mode) { return .transfer }
        return .home
    }

    /// - Returns: whether a code is in no table.
    private func checkTables(_ codes: DischargeCodes, _ findings: inout Findings) -> Bool {
        var isCodedOtherwise = false
        func check(_ code: String?, _ location: String, _ isKnown: (String) -> Bool) {
            guard let code, !isKnown(code) else { return }
            findings.warn(.codeOutsideTable, at: location)
            isCodedOtherwise = true
        }
        check(codes.exitMode, "ZFM-2", Self.exitModes.contains)
        check(codes.exitDestination, "ZFM-4", Self.exitDestinations.contains)
        check(codes.disposition, "PV1-36") { siteDispositions[$0] != nil || Self.dispositions[$0] != nil }
        check(codes.receivingFacility, "PV1-37") { (try? FINESS($0)) != nil }
        return isCodedOtherwise
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
