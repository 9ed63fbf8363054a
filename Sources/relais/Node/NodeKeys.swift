import EventStore
import Foundation
import Sealing
import Timekeeping

/// Opens the key store of a directory under its master key.
enum NodeKeys {
    /// For the process that owns the directory.
    ///
    /// A key store is made only beside a log without events: beside another, its absence means that it was lost, and making a new one
    /// would hide that.
    static func open(_ directory: NodeDirectory, _ settings: NodeDirectory.Settings, time: TimeSource) throws -> KeyVault {
        try withMaster(of: directory, settings) { master in
            try KeyVault.open(
                directory: directory.path,
                identity: settings.territory,
                master: master,
                createsIfMissing: try isEmpty(directory),
                time: time
            )
        }
    }

    /// For commands that read beside a running server.
    static func openReadOnly(_ directory: NodeDirectory, _ settings: NodeDirectory.Settings) throws -> KeyVault {
        try withMaster(of: directory, settings) { try KeyVault.openReadOnly(directory: directory.path, master: $0) }
    }

    /// As ``openReadOnly(_:_:)``; nil if the master key is not to be had here, as on a copy without its secrets.
    static func openReadOnlyIfMasterIsHere(_ directory: NodeDirectory, _ settings: NodeDirectory.Settings) throws -> KeyVault? {
        do {
            _ = try MasterKeyPlace(directory).load(settings)
        } catch is SealingError {
            return nil
        }
        return try openReadOnly(directory, settings)
    }

    private static func isEmpty(_ directory: NodeDirectory) throws -> Bool {
        do {
            return try SQLiteEventLog.openReadOnly(directory: directory.path).head().position == 0
        } catch EventStoreError.Code.notALog {
            return true
        }
    }

    private static func withMaster(
        of directory: NodeDirectory,
        _ settings: NodeDirectory.Settings,
        _ body: (MasterKey) throws -> KeyVault
    ) throws -> KeyVault {
        let place = MasterKeyPlace(directory)
        let master: MasterKey
        do {
            master = try place.load(settings)
        } catch let error as SealingError {
            // After a rotation that was interrupted before the settings were changed, the old key may be gone already.
            throw Failure(.usage, "\(error.message) It opens what is sealed in \(directory.path)/keys.sqlite.")
        }
        do {
            return try body(master)
        } catch let error as SealingError where error.code == .wrongMasterKey {
            guard let wanted = error.masterKeys?.wanted, let left = place.left(by: wanted, settings) else { throw Failure(.usage, error.message) }
            return try body(left)
        }
    }
}
