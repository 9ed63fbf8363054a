public import Pathways

/// What is wrong with the configuration of several territories.
public enum FeedRouteError: Error, Hashable, Sendable, CustomStringConvertible {
    case noTerritory
    case territoryTwice(String)
    case emptyRoute(HL7Sender)
    case unknownTerritory(String, HL7Sender)
    case repeatedTerritory(HL7Sender)

    public var description: String {
        switch self {
        case .noTerritory: "no territory is served: name at least one data directory"
        case .territoryTwice(let id): "two data directories hold territory \(id): each territory has one"
        case .emptyRoute(let sender): "the route of sender \(sender) names no territory: name one, or remove the route"
        case .unknownTerritory(let id, let sender): "the route of sender \(sender) names territory \(id), which is not served here"
        case .repeatedTerritory(let sender): "the route of sender \(sender) names a territory twice"
        }
    }
}
