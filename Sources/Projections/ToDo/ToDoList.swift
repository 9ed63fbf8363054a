public import Foundation
public import Timekeeping

/// A professional's to-do list at a position of the log, looked at from an instant.
public struct ToDoList: Hashable, Sendable {
    /// Where a line stands on the screen.
    public enum Bucket: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Should have been done.
        case late
        /// Asked, and not answered; late ones too, since answering is what is to be done about them here.
        case toAnswer
        /// To be done before the day ends.
        case today
        case upcoming
        /// On hold while the patient is back in hospital.
        case onHold
        /// Withdrawn, to be seen.
        case notices
        /// The référent-parcours's while others are being asked.
        case watching
    }

    /// RPPS.
    public let professional: String
    /// Nil if the directory does not hold them at this position.
    public let name: String?
    public let position: Int64
    public let now: Instant
    /// Whose days count.
    public let timeZone: TimeZone
    /// Whether this professional is référent-parcours at this position.
    public let isReferent: Bool
    /// The one contact shown everywhere; nil before a territory is published.
    public let referent: DirectoryContact?
    /// In the order of ``ToDoItem/<(_:_:)``.
    public let items: [ToDoItem]

    /// The items of a bucket, in order.
    public func items(in bucket: Bucket) -> [ToDoItem] { items.filter { self.bucket(of: $0) == bucket } }

    /// A pure function of the item, the instant and the zone.
    public func bucket(of item: ToDoItem) -> Bucket {
        switch item.kind {
        case .notice: .notices
        case .onHold: .onHold
        case .offered: .toAnswer
        case .escalated: .late
        case .owned where !item.waitingFor.isEmpty: .watching
        // With nobody left to ask it is the référent's own to do.
        case .owned, .accepted:
            if item.late {
                .late
            } else if LocalDay(item.dueBy, in: timeZone) <= LocalDay(now, in: timeZone) {
                .today
            } else {
                .upcoming
            }
        }
    }
}
