import EventStore
import Pathways
import Testing

@testable import Coordination

@Suite struct StateCacheTests {
    private func stream(_ number: UInt8) throws -> StreamID {
        try #require(StreamID(bytes: [UInt8](repeating: 0, count: 15) + [number]))
    }

    @Test func itHoldsAtMostTwoGenerations() throws {
        let cache = StateCache<Int>(capacity: 4)
        for number in UInt8(0)...200 { cache.insert(Recorded(Int(number), version: 1), for: try stream(number)) }
        let kept = try (UInt8(0)...200).filter { cache[try stream($0)] != nil }
        #expect(kept.count <= 8)
        #expect(kept.contains(200))
        #expect(!kept.contains(0))
    }

    @Test func whatIsAskedForStays() throws {
        let cache = StateCache<Int>(capacity: 4)
        cache.insert(Recorded(7, version: 1), for: try stream(0))
        for number in UInt8(1)...200 {
            cache.insert(Recorded(0, version: 1), for: try stream(number))
            #expect(cache[try stream(0)]?.state == 7)
        }
    }

    @Test func whatIsForgottenIsGoneFromBothGenerations() throws {
        let cache = StateCache<Int>(capacity: 1)
        let asked = try stream(0)
        cache.insert(Recorded(1, version: 1), for: asked)
        cache.insert(Recorded(2, version: 1), for: try stream(1))
        #expect(cache[asked]?.state == 1)
        cache.remove(asked)
        #expect(cache[asked] == nil)
    }

    /// Two tasks commit versions 6 and 7, and come to the cache in the other order.
    @Test(arguments: [false, true])
    func aLaterStateIsNotReplacedByAnEarlierOne(aged: Bool) throws {
        let cache = StateCache<String>(capacity: 2)
        let asked = try stream(0)
        cache.insert(Recorded("seven", version: 7), for: asked)
        if aged { for number in UInt8(1)...2 { cache.insert(Recorded("other", version: 1), for: try stream(number)) } }
        cache.insert(Recorded("six", version: 6), for: asked)
        #expect(cache[asked]?.state == "seven")
        cache.insert(Recorded("eight", version: 8), for: asked)
        #expect(cache[asked]?.state == "eight")
    }
}
