import Notifications
import Pathways
import Testing

struct OutboxMessageTests {
    @Test func theIdDependsOnWhatIsToldWhomAndNotOnTheOrder() {
        let keys = ["b", "a"].map { NewsKey(event: $0, recipient: "99999000443", template: "offer-named") }
        let id = OutboxMessage.id(of: keys, recipient: "99999000443", reminder: 0)
        #expect(id.count == 32)
        #expect(OutboxMessage.id(of: keys.reversed(), recipient: "99999000443", reminder: 0) == id)
        #expect(OutboxMessage.id(of: keys, recipient: "99999000443", reminder: 1) != id)
        #expect(OutboxMessage.id(of: keys, recipient: "99999000450", reminder: 0) != id)
        #expect(OutboxMessage.id(of: [keys[0]], recipient: "99999000443", reminder: 0) != id)
    }
}
