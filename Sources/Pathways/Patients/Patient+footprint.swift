extension Patient {
    /// What it takes in memory, in bytes, roughly: for whoever keeps many of them within bounds.
    package var footprint: Int { MemoryLayout<Patient>.stride + 1_024 + visits.count * 256 }
}
