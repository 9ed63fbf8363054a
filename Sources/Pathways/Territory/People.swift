/// The professionals that the rest of a territory's file may name.
struct People {
    let values: [Professional]
    private let byRPPS: [RPPS: Professional]

    init(_ values: [Professional]) {
        self.values = values
        byRPPS = Dictionary(values.map { ($0.rpps, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(rpps: RPPS) -> Professional? { byRPPS[rpps] }
}
