/// A bounded memory of what was used lately: two generations, the older one forgotten when the younger one is full. Nothing may depend on
/// what it holds: whatever it forgets is read again from the tables.
struct RecentCache<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let capacity: Int

    /// - Parameter capacity: entries per generation.
    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// What is remembered under a key; it counts as used.
    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        put(value, for: key)
        return value
    }

    /// Takes a value out, so that its holder can change it in place.
    mutating func take(_ key: Key) -> Value? {
        young.removeValue(forKey: key) ?? old.removeValue(forKey: key)
    }

    mutating func put(_ value: Value, for key: Key) {
        if young.count >= capacity {
            old = young
            young = Dictionary(minimumCapacity: capacity)
        }
        young[key] = value
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
