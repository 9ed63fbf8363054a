/// The identifier of a thing, scoped by its authority (type EI): ZBE-1, the movement.
public struct EI: Sendable, Hashable {
    /// EI.1.
    public let id: Value
    /// EI.2 to EI.4, the authority.
    public let authority: HD

    /// As a whole field, where its parts are components.
    public init(_ repetition: Repetition) {
        id = repetition.component(1).value
        authority = HD(
            namespaceID: repetition.component(2).value,
            universalID: repetition.component(3).value,
            universalIDType: repetition.component(4).value
        )
    }

    /// Inside another type, where its parts are sub-components.
    public init(_ component: Component) {
        id = component.subcomponent(1)
        authority = HD(
            namespaceID: component.subcomponent(2),
            universalID: component.subcomponent(3),
            universalIDType: component.subcomponent(4)
        )
    }
}
