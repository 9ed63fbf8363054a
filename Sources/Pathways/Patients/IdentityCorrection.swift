/// The members of an identity that are corrected: to a value, or to nothing. A member that is not mentioned stays as stated.
public struct IdentityCorrection: Hashable, Sendable {
    /// A member that can be corrected to nothing.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        case birthName, usedName, givenName, birthDate, sex, phone, address, ins
    }

    public let birthFamilyName: String?
    public let usedFamilyName: String?
    public let givenName: String?
    /// `YYYY-MM-DD`, or shorter where only the month or year is known.
    public let birthDate: String?
    /// `F`, `M` or `U`.
    public let sex: String?
    public let phone: String?
    public let address: PatientAddress?
    public let ins: INS?
    /// Members that are corrected to nothing.
    public let removed: [Field]

    public init(
        birthFamilyName: String? = nil,
        usedFamilyName: String? = nil,
        givenName: String? = nil,
        birthDate: String? = nil,
        sex: String? = nil,
        phone: String? = nil,
        address: PatientAddress? = nil,
        ins: INS? = nil,
        removed: [Field] = []
    ) {
        self.birthFamilyName = birthFamilyName
        self.usedFamilyName = usedFamilyName
        self.givenName = givenName
        self.birthDate = birthDate
        self.sex = sex
        self.phone = phone
        self.address = address
        self.ins = ins
        self.removed = removed
    }

    init(from json: JSONObject) throws(CodecError) {
        birthFamilyName = try json.optionalString("birthName")
        usedFamilyName = try json.optionalString("usedName")
        givenName = try json.optionalString("givenName")
        birthDate = try json.optionalString("birthDate")
        sex = try json.optionalString("sex")
        phone = try json.optionalString("phone")
        address = try json.optionalObject("address").map { (object) throws(CodecError) in try PatientAddress(from: object) }
        ins = try json.optionalObject("ins").map { (object) throws(CodecError) in try INS(from: object) }
        var removed: [Field] = []
        for word in try json.strings("removed") {
            guard let field = Field(rawValue: word) else {
                throw CodecError(path: "$.correction.removed", problem: "holds a word this version does not know")
            }
            removed.append(field)
        }
        self.removed = removed
    }

    func write(to json: inout JSONWriter) {
        json.write("birthName", birthFamilyName)
        json.write("usedName", usedFamilyName)
        json.write("givenName", givenName)
        json.write("birthDate", birthDate)
        json.write("sex", sex)
        json.write("phone", phone)
        if let address { json.write("address", object: address.write) }
        if let ins { json.write("ins", object: ins.write) }
        json.write("removed", removed.map(\.rawValue))
    }

    /// Whether the INS is corrected, to a value or to nothing.
    public var concernsINS: Bool { ins != nil || removed.contains(.ins) }

    var isEmpty: Bool { self == IdentityCorrection() }

    func corrected(_ identity: PatientIdentity) -> PatientIdentity {
        func value<Value>(_ field: Field, _ corrected: Value?, _ stated: Value?) -> Value? {
            corrected ?? (removed.contains(field) ? nil : stated)
        }
        return PatientIdentity(
            identifier: identity.identifier,
            birthFamilyName: value(.birthName, birthFamilyName, identity.birthFamilyName),
            usedFamilyName: value(.usedName, usedFamilyName, identity.usedFamilyName),
            givenName: value(.givenName, givenName, identity.givenName),
            birthDate: value(.birthDate, birthDate, identity.birthDate),
            sex: value(.sex, sex, identity.sex),
            phone: value(.phone, phone, identity.phone),
            address: value(.address, address, identity.address),
            ins: value(.ins, ins, identity.ins),
            reliability: identity.reliability,
            deceased: identity.deceased,
            withdrawsINS: identity.withdrawsINS,
            acceptsSMS: identity.acceptsSMS,
            isPartial: identity.isPartial
        )
    }
}
