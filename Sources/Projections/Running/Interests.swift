import Pathways

/// Which event types which projections want, and how old types are read.
struct Interests: Sendable {
    let upcasters: Upcasters
    private let masks: [String: ProjectionMask]

    init(_ projections: [any Projection.Type], upcasters: Upcasters) {
        self.upcasters = upcasters
        var masks: [String: ProjectionMask] = [:]
        for (place, projection) in projections.enumerated() {
            for current in projection.interests {
                for type in upcasters.types(readAs: current) { masks[type, default: []].insert(ProjectionMask(place: place)) }
            }
        }
        self.masks = masks
    }

    func mask(of type: String) -> ProjectionMask { masks[type] ?? [] }
}
