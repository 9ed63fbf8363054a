/// Who a patient is, as one message states it. A member that the message does not mention is nil and keeps what was known.
public struct PatientIdentity: Hashable, Sendable {
    /// PID-3 of type `PI`.
    public let identifier: LocalIdentifier
    /// Birth name (PID-5 type `L`).
    public let birthFamilyName: String?
    /// Used name (PID-5 type `D`); empty when the message erases it.
    public let usedFamilyName: String?
    public let givenName: String?
    /// `YYYY-MM-DD`, or shorter where only the month or year is known.
    public let birthDate: String?
    /// PID-8: `F`, `M` or `U`.
    public let sex: String?
    public let phone: String?
    public let address: PatientAddress?
    /// Kept only if the identity is qualified (PID-32 = VALI) and the key is right.
    public let ins: INS?
    /// PID-32, table 0445.
    public let reliability: [String]
    /// PID-29, PID-30, ZFM-2: whether the patient is dead; nil when the message does not say, so that what was said before holds.
    public let deceased: Bool?
    /// A47 took the qualified identity back: every INS stated before is void.
    public let withdrawsINS: Bool
    /// ZFD-3: whether the patient agreed to be reached by SMS; nil when not stated.
    public let acceptsSMS: Bool?
    /// The message says nothing of the INS nor of how sure the identity is: what was known of both holds. A cancellation that tells of a death.
    public let isPartial: Bool

    public init(
        identifier: LocalIdentifier,
        birthFamilyName: String? = nil,
        usedFamilyName: String? = nil,
        givenName: String? = nil,
        birthDate: String? = nil,
        sex: String? = nil,
        phone: String? = nil,
        address: PatientAddress? = nil,
        ins: INS? = nil,
        reliability: [String] = [],
        deceased: Bool? = nil,
        withdrawsINS: Bool = false,
        acceptsSMS: Bool? = nil,
        isPartial: Bool = false
    ) {
        self.identifier = identifier
        self.birthFamilyName = birthFamilyName
        self.usedFamilyName = usedFamilyName
        self.givenName = givenName
        self.birthDate = birthDate
        self.sex = sex
        self.phone = phone
        self.address = address
        self.ins = ins
        self.reliability = reliability
        self.deceased = deceased
        self.withdrawsINS = withdrawsINS
        self.acceptsSMS = acceptsSMS
        self.isPartial = isPartial
    }

    init(from json: JSONObject) throws(CodecError) {
        identifier = try LocalIdentifier(from: try json.object("identifier"))
        birthFamilyName = try json.optionalString("birthName")
        usedFamilyName = try json.optionalString("usedName")
        givenName = try json.optionalString("givenName")
        birthDate = try json.optionalString("birthDate")
        sex = try json.optionalString("sex")
        phone = try json.optionalString("phone")
        address = try json.optionalObject("address").map { (object) throws(CodecError) in try PatientAddress(from: object) }
        ins = try json.optionalObject("ins").map { (object) throws(CodecError) in try INS(from: object) }
        reliability = try json.strings("reliability")
        deceased = try json.optionalFlag("deceased")
        withdrawsINS = try json.flag("withdrawsINS")
        acceptsSMS = try json.optionalFlag("acceptsSMS")
        isPartial = try json.flag("partial")
    }

    func write(to json: inout JSONWriter) {
        json.write("identifier", object: identifier.write)
        json.write("birthName", birthFamilyName)
        json.write("usedName", usedFamilyName)
        json.write("givenName", givenName)
        json.write("birthDate", birthDate)
        json.write("sex", sex)
        json.write("phone", phone)
        if let address { json.write("address", object: address.write) }
        if let ins { json.write("ins", object: ins.write) }
        json.write("reliability", reliability)
        json.write("deceased", optionalFlag: deceased)
        json.write("withdrawsINS", flag: withdrawsINS)
        json.write("acceptsSMS", optionalFlag: acceptsSMS)
        json.write("partial", flag: isPartial)
    }

    /// What is known once `later` was said after this. The INS is not inherited: each message states anew whether it is qualified.
    func overlaid(by later: PatientIdentity) -> PatientIdentity {
        PatientIdentity(
            identifier: identifier,
            birthFamilyName: later.birthFamilyName ?? birthFamilyName,
            usedFamilyName: later.usedFamilyName ?? usedFamilyName,
            givenName: later.givenName ?? givenName,
            birthDate: later.birthDate ?? birthDate,
            sex: later.sex ?? sex,
            phone: later.phone ?? phone,
            address: later.address ?? address,
            ins: later.isPartial ? ins : later.ins,
            reliability: later.isPartial ? reliability : later.reliability,
            deceased: later.deceased ?? deceased,
            withdrawsINS: later.isPartial ? withdrawsINS : later.withdrawsINS,
            acceptsSMS: later.acceptsSMS ?? acceptsSMS,
            isPartial: isPartial && later.isPartial
        )
    }
}

extension INS {
    init(from json: JSONObject) throws(CodecError) {
        do {
            try self.init(number: try json.string("number"), oid: try json.string("oid"))
        } catch let error as CodecError {
            throw error
        } catch {
            throw CodecError(path: "$.ins", problem: "is not a valid INS")
        }
    }

    func write(to json: inout JSONWriter) {
        json.write("number", value)
        json.write("oid", oid)
    }
}
