import Coordination
import EventStore
import FrenchText
import Pathways

/// What happens to a follow-up before and after whoever reads of it.
struct ItemOutlook: Sendable, Hashable {
    /// To whom it goes if the reader declines it or gives it back; nil for whoever can do neither.
    let next: NextAsked?
    let asked: AskedBefore

    init(next: NextAsked?, asked: AskedBefore) {
        self.next = next
        self.asked = asked
    }

    init(_ followUp: FollowUp, reader: PageCaller, in territory: Territory?, clock: FrenchClock) {
        let name: (String) -> String? = { rpps in (try? RPPS(rpps)).flatMap { territory?.professional($0)?.fullName } }
        let addresses = reader.addresses(in: territory)
        let pending = followUp.pendingOffers.map(\.to).filter(addresses.contains)
        let declining = followUp.acceptedBy == reader.rpps || pending.contains(reader.rpps) ? reader.rpps : pending.first
        next = declining.map { addressee in
            NextAsked(followUp, declining: addressee, referent: territory?.referent.name ?? CareRole.referent.frenchName) { raw in
                switch Addressee(rawValue: raw) {
                case .professional(let rpps): name(rpps)
                case .team: AddresseeName.of(raw, in: territory, professional: name)
                }
            }
        }
        asked = AskedBefore(followUp, reader: addresses, names: reader.isReferent || reader.isHospital, clock: clock) {
            AddresseeName.of($0, in: territory, professional: name)
        }
    }
}

extension WebServices {
    /// A follow-up as its pathway holds it now; nil where the pathway cannot be read: pages then promise nothing.
    func followUp(_ id: String, in pathway: StreamID) -> FollowUp? {
        (try? coordinator.loader.pathway(pathway).state)?.followUp(id)
    }
}
