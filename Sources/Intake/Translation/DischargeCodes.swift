import HL7v2

/// The codes that say where a discharged patient goes, as they stand in the message.
struct DischargeCodes {
    /// ZFM-2.
    let exitMode: String?
    /// ZFM-4.
    let exitDestination: String?
    /// PV1-36.
    let disposition: String?
    /// PV1-37.
    let receivingFacility: String?
    /// ZFV-9: the site's own exit mode, kept as it is.
    let siteExitMode: String?

    init(pv1: Segment?, zfm: Segment?, zfv: Segment?) {
        exitMode = zfm?.field(2).text
        exitDestination = zfm?.field(4).text
        disposition = pv1?.field(36).text
        receivingFacility = pv1?.field(37).text
        siteExitMode = zfv?.field(9).text
    }

    var isEmpty: Bool {
        exitMode == nil && exitDestination == nil && disposition == nil && receivingFacility == nil && siteExitMode == nil
    }
}
