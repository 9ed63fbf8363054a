/// Where a discharged patient goes, routed by ZFM-2/-4 and PV1-36/-37, the destination before the mode (health-domain §A.7).
public enum DischargeDestination: String, Hashable, Sendable, CaseIterable {
    case home
    /// Soins médicaux et de réadaptation.
    case smr
    /// Hospitalisation à domicile.
    case had
    /// Établissement d'hébergement pour personnes âgées dépendantes, or another medico-social home.
    case ehpad
    case transfer
    case againstAdvice
    case death
    /// The hospital's codes do not say: the référent-parcours asks.
    case unknown
}

/// The codes of a discharge as they were sent, kept beside what they were read as.
public struct DischargeMode: Hashable, Sendable {
    public let destination: DischargeDestination
    /// ZFM-2.
    public let exitMode: String?
    /// ZFM-4.
    public let exitDestination: String?
    /// PV1-36, user-defined table 0112.
    public let disposition: String?
    /// PV1-37: FINESS of the receiving establishment.
    public let receivingFacility: String?
    /// ZFV-9: the site's own word for how the patient left.
    public let siteExitMode: String?

    public init(
        destination: DischargeDestination,
        exitMode: String? = nil,
        exitDestination: String? = nil,
        disposition: String? = nil,
        receivingFacility: String? = nil,
        siteExitMode: String? = nil
    ) {
        self.destination = destination
        self.exitMode = exitMode
        self.exitDestination = exitDestination
        self.disposition = disposition
        self.receivingFacility = receivingFacility
        self.siteExitMode = siteExitMode
    }

    /// The hospital said nothing of how the patient left.
    static let unstated = DischargeMode(destination: .unknown)

    /// What both say of one discharge, `later` stated after this. A message that repeats or corrects a discharge may leave out how the
    /// patient left, or most of it: what it reads as then takes no better founded word back.
    func completed(by later: DischargeMode) -> DischargeMode {
        let isAssumed = later == DischargeMode(destination: .home)
        return later.strength < strength || (isAssumed && later.strength == strength) ? self : later
    }

    /// By which code it was read: the destination of ZFM before its mode, both before PV1-37, that before the site's own words.
    private var strength: Int {
        if exitDestination != nil { return 4 }
        if exitMode != nil { return 3 }
        if receivingFacility != nil { return 2 }
        return disposition != nil || siteExitMode != nil ? 1 : 0
    }

    init(from json: JSONObject) throws(CodecError) {
        destination = try json.word("destination")
        exitMode = try json.optionalString("exitMode")
        exitDestination = try json.optionalString("exitDestination")
        disposition = try json.optionalString("disposition")
        receivingFacility = try json.optionalString("receivingFacility")
        siteExitMode = try json.optionalString("siteExitMode")
    }

    func write(to json: inout JSONWriter) {
        json.write("destination", destination)
        json.write("exitMode", exitMode)
        json.write("exitDestination", exitDestination)
        json.write("disposition", disposition)
        json.write("receivingFacility", receivingFacility)
        json.write("siteExitMode", siteExitMode)
    }
}
