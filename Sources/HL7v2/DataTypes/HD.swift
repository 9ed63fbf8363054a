/// Who assigns identifiers or sends messages, by local name, universal id or both (type HD): MSH-3, CX.4.
public struct HD: Sendable, Hashable {
    /// HD.1, a name known at both ends: `ASIP-SANTE-INS-NIR`.
    public let namespaceID: Value
    /// HD.2: an OID, a FINESS number…
    public let universalID: Value
    /// HD.3, what kind of universal id: `ISO` for an OID, `N`, `M`.
    public let universalIDType: Value

    public init(namespaceID: Value = .absent, universalID: Value = .absent, universalIDType: Value = .absent) {
        self.namespaceID = namespaceID
        self.universalID = universalID
        self.universalIDType = universalIDType
    }

    /// As a whole field, where its parts are components.
    public init(_ repetition: Repetition) {
        self.init(
            namespaceID: repetition.component(1).value,
            universalID: repetition.component(2).value,
            universalIDType: repetition.component(3).value
        )
    }

    /// Inside another type, where its parts are sub-components.
    public init(_ component: Component) {
        self.init(
            namespaceID: component.subcomponent(1),
            universalID: component.subcomponent(2),
            universalIDType: component.subcomponent(3)
        )
    }

    public var isEmpty: Bool { namespaceID.isAbsent && universalID.isAbsent && universalIDType.isAbsent }
}
