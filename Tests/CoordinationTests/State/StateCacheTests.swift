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

    @Test func whatItHoldsIsBoundedByWhatItCosts() throws {
        let cache = StateCache<Int>(capacity: 100) { $0 }
        for number in UInt8(1)...200 {
            cache.insert(Recorded(Int(number % 7) * 10, version: 1), for: try stream(number))
            #expect(cache.totalCost <= 200)
        }
        #expect(cache.totalCost > 100)
        // One that is larger than all of it is kept all the same, alone among the young.
        cache.insert(Recorded(1_000, version: 1), for: try stream(201))
        #expect(cache[try stream(201)]?.state == 1_000)
        cache.insert(Recorded(1, version: 1), for: try stream(202))
        cache.insert(Recorded(100, version: 1), for: try stream(203))
        #expect(cache[try stream(201)] == nil)
    }

    @Test func whatGrowsInItsPlaceCostsMore() throws {
        let cache = StateCache<[Int]>(capacity: 10) { $0.count }
        for number in UInt8(0)..<5 { cache.insert(Recorded([0], version: 1), for: try stream(number)) }
        #expect(cache.totalCost == 5)
        for version in Int64(2)...40 {
            cache.update(try stream(0)) { known in
                known.state.append(Int(version))
                known.version = version
            }
        }
        let grown = try #require(cache[try stream(0)])
        #expect(grown.state.count == 40 && grown.version == 40)
        #expect(cache.totalCost == 44, "it is alone among the young")
        cache.insert(Recorded([], version: 1), for: try stream(9))
        #expect(cache.totalCost == 40, "the others are gone")
        cache.update(try stream(8)) { _ in Issue.record("nobody is there") }
    }

    @Test func aStateIsChangedWithoutACopy() throws {
        let cache = StateCache<[Int]>()
        cache.insert(Recorded(Array(repeating: 0, count: 100), version: 1), for: try stream(1))
        func place() throws -> UInt? {
            cache[try stream(1)].flatMap { $0.state.withUnsafeBufferPointer { $0.baseAddress.map { UInt(bitPattern: $0) } } }
        }
        let before = try place()
        cache.update(try stream(1)) { $0.state[7] = 7 }
        #expect(try place() == before)
        #expect(cache[try stream(1)]?.state[7] == 7)
    }
}
