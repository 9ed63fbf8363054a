/// The protocols in force at one point of the log: what a decision is made under.
public struct ProtocolLibrary: Sendable, Hashable {
    private var protocols: [String: FollowUpProtocol] = [:]
    /// Every protocol, by id.
    public private(set) var all: [FollowUpProtocol] = []
    /// ``all`` by what they apply to: asked at each look at a pathway.
    private var byApplicability: [FollowUpProtocol.Applicability: [FollowUpProtocol]] = [:]

    public init() {}

    /// Puts a protocol in force, in place of any of the same id.
    public mutating func publish(_ followUpProtocol: FollowUpProtocol) {
        protocols[followUpProtocol.id] = followUpProtocol
        all = protocols.values.sorted { $0.id < $1.id }
        byApplicability = Dictionary(grouping: all, by: \.appliesTo)
    }

    public subscript(id: String) -> FollowUpProtocol? { protocols[id] }

    /// Those that apply by themselves to a discharge to this destination, by id. Another hospital takes over by itself; after a death nothing
    /// is asked for.
    public func applying(to destination: DischargeDestination) -> [FollowUpProtocol] {
        let wanted: FollowUpProtocol.Applicability
        switch destination {
        case .home: wanted = .homeDischarge
        case .againstAdvice: wanted = .againstAdviceDischarge
        case .unknown: wanted = .unknownDischarge
        case .smr: wanted = .smrDischarge
        case .had: wanted = .hadDischarge
        case .ehpad: wanted = .ehpadDischarge
        case .transfer, .death: return []
        }
        return byApplicability[wanted] ?? []
    }

    /// The rule referred to, an occurrence included; `nil` if its protocol is not in force or has it no more.
    public func rule(_ reference: RuleReference) -> ProtocolRule? {
        protocols[reference.followUpProtocol]?.rule(reference.rule)
    }
}
