import Coordination
import EventStore
import GRDB
import Pathways

/// What an error means for the message at which it came.
public enum DispatchTrouble {
    /// Whether it may be gone by the next look: storage that is busy or full, a log that is closed.
    public static func passes(_ error: any Error) -> Bool {
        switch error {
        case let error as EventStoreError: ![.commandKeyReused, .corrupted].contains(error.code)
        case is DatabaseError, is CancellationError, is SharingTrouble: true
        case CoordinationError.tooMuchContention, CoordinationError.noTerritory: true
        default: false
        }
    }

    /// A word for operators. Of errors that may quote data the type alone.
    static func word(of error: any Error) -> String {
        switch error {
        case let error as Rejection: error.code.rawValue
        case let error as EventStoreError: "\(error.code)"
        default: "\(type(of: error))"
        }
    }
}
