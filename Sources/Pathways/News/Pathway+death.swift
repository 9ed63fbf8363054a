extension Pathway {
    /// RPPS of those to whom a news of the death is made here: from whom something was withdrawn because of it, and the others of the care
    /// circle if it is this visit that ended in it. Whoever has something pending is told when that is withdrawn.
    package var heardOfDeath: Set<String> {
        guard endedInDeath else { return toldOfDeath }
        let pending = Set(followUps.filter(\.status.isPending).flatMap(\.concerned))
        let circle = Set(stay.declared.map(\.rpps) + followUps.compactMap(\.acceptedBy))
        return toldOfDeath.union(circle.subtracting(pending))
    }
}
