extension Pathway {
    /// What it takes in memory, in bytes, roughly: for whoever keeps many of them within bounds.
    package var footprint: Int {
        let offers = followUps.reduce(0) { $0 + $1.offers.capacity * MemoryLayout<Offer>.stride + ($1.assignment?.loads.count ?? 0) * 48 }
        let parts = followUps.capacity * MemoryLayout<FollowUp>.stride + followUps.count * Self.bytesOfFollowUp + offers
        let reports = alerts.capacity * MemoryLayout<AlertSignReported>.stride + alerts.count * Self.bytesOfAlert
        return MemoryLayout<Pathway>.stride + Self.bytesOfStay + parts + reports
    }

    /// Texts and lists of one, beside its own place; of an alert sign as well.
    private static let bytesOfFollowUp = 640
    private static let bytesOfAlert = 128
    /// Movements, claims and people of a stay.
    private static let bytesOfStay = 4_096
}
