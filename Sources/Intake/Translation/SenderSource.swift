import HL7v2
import Pathways

/// The `source` of the events that a message causes.
enum SenderSource {
    /// Bounds what an envelope takes from a header.
    private static let lengthLimit = 180

    /// `urn:finess:` and the number of the hospital whose sender, facility or authority the territory knows, else `urn:hl7:` and MSH-4.
    static func urn(of header: MessageHeader, in territory: Territory) -> String {
        let facility = header.sendingFacility
        for name in [facility.universalID.text, facility.namespaceID.text] {
            if let name, let hospital = territory.hospital(authority: name) { return "urn:finess:\(hospital.finess.value)" }
        }
        let name = facility.senderName
        return name.isEmpty ? "urn:hl7:unknown" : "urn:hl7:\(escaped(name))"
    }

    /// RFC 3986: unreserved characters as they are, the others percent-encoded.
    private static func escaped(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in name.utf8.prefix(lengthLimit) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
