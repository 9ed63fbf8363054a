import Foundation
import HL7v2
import Synchronization

/// The tables of the zones met so far: making one takes milliseconds.
final class ClockTables: Sendable {
    private let tables = Mutex<[String: ZoneTable]>([:])

    /// The table of an IANA zone; that of UTC when the system does not know the name.
    func table(_ name: String) -> ZoneTable {
        tables.withLock { tables in
            if let found = tables[name] { return found }
            let made = ZoneTable(TimeZone(identifier: name) ?? .gmt)
            tables[name] = made
            return made
        }
    }
}
