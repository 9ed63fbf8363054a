public import Foundation
public import Timekeeping

extension Pathway {
    /// When a home return that nobody confirmed becomes a follow-up of its own; nil if none is awaited.
    public func homeReturnLimit(under protocols: ProtocolLibrary, in timeZone: TimeZone) -> Instant? {
        guard status == .discharged, !stay.isEmergencyVisit, stay.mode?.destination == .home, let dischargedAt = stay.dischargedAt else { return nil }
        return protocols.applying(to: .home)
            .flatMap(\.rules)
            .filter { $0.trigger == .homeReturnMissing }
            .map { $0.window.resolve(discharge: dischargedAt, in: timeZone).dueFrom }
            .min()
    }
}
