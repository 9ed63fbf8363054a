/// Where a patient lives (PID-11 of type `H`, XAD). The commune is resolved by the planner, against the territory as published.
public struct PatientAddress: Hashable, Sendable {
    public let line: String?
    public let city: String?
    public let postalCode: String?
    /// XAD-9: the COG code, seldom sent.
    public let cog: String?
    /// ISO 3166, three letters, as sent.
    public let country: String?

    public init(line: String? = nil, city: String? = nil, postalCode: String? = nil, cog: String? = nil, country: String? = nil) {
        self.line = line
        self.city = city
        self.postalCode = postalCode
        self.cog = cog
        self.country = country
    }

    init(from json: JSONObject) throws(CodecError) {
        line = try json.optionalString("line")
        city = try json.optionalString("city")
        postalCode = try json.optionalString("postalCode")
        cog = try json.optionalString("cog")
        country = try json.optionalString("country")
    }

    func write(to json: inout JSONWriter) {
        json.write("line", line)
        json.write("city", city)
        json.write("postalCode", postalCode)
        json.write("cog", cog)
        json.write("country", country)
    }
}
