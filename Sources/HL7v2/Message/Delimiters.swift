/// The characters that cut a message up, as its own MSH-1 and MSH-2 declare them (HL7 v2.5 §2.5.4): never assumed.
///
/// All are single ASCII bytes. A message may declare no repetition, escape or sub-component character; such a message has none.
public struct Delimiters: Sendable, Hashable {
    /// MSH-1.
    public let field: UInt8
    /// First character of MSH-2.
    public let component: UInt8
    /// Second character of MSH-2.
    public let repetition: UInt8?
    /// Third character of MSH-2.
    public let escape: UInt8?
    /// Fourth character of MSH-2.
    public let subcomponent: UInt8?

    /// `|^~\&`, the set HL7 suggests and everyone uses.
    public static let standard = Delimiters(
        uncheckedField: UInt8(ascii: "|"),
        component: UInt8(ascii: "^"),
        repetition: UInt8(ascii: "~"),
        escape: UInt8(ascii: "\\"),
        subcomponent: UInt8(ascii: "&")
    )

    /// `nil` unless all are different printable ASCII characters, none of them a letter, a digit, a space or a double quote
    /// (which writes the null value `""`).
    public init?(field: UInt8, component: UInt8, repetition: UInt8?, escape: UInt8?, subcomponent: UInt8?) {
        var taken: UInt128 = 0
        func isFree(_ byte: UInt8?) -> Bool {
            guard let byte else { return true }
            guard Self.isUsable(byte) else { return false }
            let bit = UInt128(1) << UInt128(byte)
            defer { taken |= bit }
            return taken & bit == 0
        }
        guard isFree(field), isFree(component), isFree(repetition), isFree(escape), isFree(subcomponent) else { return nil }
        self.init(uncheckedField: field, component: component, repetition: repetition, escape: escape, subcomponent: subcomponent)
    }

    init(uncheckedField field: UInt8, component: UInt8, repetition: UInt8?, escape: UInt8?, subcomponent: UInt8?) {
        self.field = field
        self.component = component
        self.repetition = repetition
        self.escape = escape
        self.subcomponent = subcomponent
    }

    /// MSH-2 as it is written: the declared characters after MSH-1.
    public var encodingCharacters: [UInt8] {
        var characters: [UInt8] = []
        writeEncodingCharacters(into: &characters)
        return characters
    }

    func writeEncodingCharacters(into bytes: inout [UInt8]) {
        bytes.append(component)
        if let repetition { bytes.append(repetition) }
        if let escape { bytes.append(escape) }
        if let subcomponent { bytes.append(subcomponent) }
    }

    /// These delimiters with the ones the message left out filled in, from the usual ones or, when taken, the first free character:
    /// a message can only be written with a full set.
    public var completed: Delimiters {
        if repetition != nil, escape != nil, subcomponent != nil { return self }
        var taken = Set([field] + encodingCharacters)
        func filled(_ declared: UInt8?, _ usual: UInt8?) -> UInt8? {
            if let declared { return declared }
            let free = ([usual].compactMap(\.self) + Array("~\\&#!$%*+".utf8)).first { !taken.contains($0) }
            if let free { taken.insert(free) }
            return free
        }
        return Delimiters(
            uncheckedField: field,
            component: component,
            repetition: filled(repetition, Self.standard.repetition),
            escape: filled(escape, Self.standard.escape),
            subcomponent: filled(subcomponent, Self.standard.subcomponent)
        )
    }

    static func isUsable(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && !isAlphanumeric(byte)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: false
        }
    }
}
