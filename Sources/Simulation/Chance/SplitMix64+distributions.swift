#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the world draws. By hand, because the library's algorithms are free to change, and a seed must tell the same story for ever.
extension SplitMix64 {
    /// Uniform in 0..<1, of 53 bits.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// True with a probability.
    mutating func chance(_ probability: Double) -> Bool { unit() < probability }

    /// Uniform in 0..<bound; 0 for an empty range.
    mutating func below(_ bound: Int) -> Int {
        guard bound > 0 else { return 0 }
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Uniform, both ends included.
    mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

    mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

    /// Nil of nothing.
    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

    /// The index of one of several weights; 0 if all are 0.
    mutating func weighted(_ weights: [Double]) -> Int {
        var ticket = unit() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            ticket -= weight
            if ticket < 0 { return index }
        }
        return 0
    }

    /// Log-normal: half of the draws are below `median`; `spread` is the standard deviation of the logarithm.
    mutating func logNormal(median: Double, spread: Double) -> Double {
        let radius = sqrt(-2 * log(max(unit(), 0x1p-53)))
        return median * exp(spread * radius * cos(2 * Double.pi * unit()))
    }

    /// How many of what happens `mean` times on average.
    mutating func poisson(_ mean: Double) -> Int {
        guard mean > 0 else { return 0 }
        // The sum of independent draws is one of the sum of means: keeps exp() within range.
        if mean > 30 { return poisson(mean / 2) + poisson(mean / 2) }
        let limit = exp(-mean)
        var product = unit()
        var count = 0
        while product > limit {
            product *= unit()
            count += 1
        }
        return count
    }
}
