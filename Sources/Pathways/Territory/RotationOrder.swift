/// The published order in which candidates are asked.
///
/// rank = mix(FNV-1a-64(seed ‖ the 11 ASCII digits of the RPPS)), where FNV-1a-64 has the usual offset basis 14695981039346656037 and prime
/// 1099511628211, and `mix` is the finaliser of MurmurHash3 (fmix64), without which two numbers that differ in their last digit
/// would stay neighbours. A team is ranked by the bytes of its name in events (`team:<id>`) in place of the digits. Not a secret and not
/// meant as one: it is there to be recomputed by whoever doubts the order.
public enum RotationOrder {
    /// Ascending ranks are asked first.
    public static func rank(seed: [UInt8], rpps: RPPS) -> UInt64 { rank(seed, rpps.value) }

    /// Ascending ranks are asked first.
    public static func rank(seed: [UInt8], addressee: Addressee) -> UInt64 { rank(seed, addressee.rawValue) }

    private static func rank(_ seed: [UInt8], _ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in seed { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ (hash >> 33)
    }
}
