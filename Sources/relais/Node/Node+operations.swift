import Coordination
import EventStore
import Foundation
import Pathways
import Projections
import Sealing
import Streaming
import Web

extension Node {
    /// What is asked for over the control socket.
    var operations: OperatorServices {
        var operations = standingOperations
        if let streaming {
            operations.promote = { [log] in
                guard log.role == .replica else { throw OperatorServices.PromotionRefused("This server writes its territory's log already.") }
                guard streaming.isPromotable else {
                    throw OperatorServices.PromotionRefused("This server follows for reading or telling: promote a node that runs relais standby.")
                }
                let report = try await streaming.promote()
                return .init(position: report.head.position, epoch: report.head.epoch)
            }
        }
        return operations
    }

    private var standingOperations: OperatorServices {
        OperatorServices(
            rotate: { place in try rotateMasterKey(to: place) },
            retry: { [followers] id in
                guard let item = try followers.planner.parked().first(where: { $0.id == id }) else { return nil }
                let result = try await followers.planner.retry(item.sequence)
                return .init(done: result.done, remaining: result.remaining.count)
            },
            discard: { [followers, coordinator] id, reason, by in
                let desk = ParkingDesk(coordinator: coordinator, follower: followers.planner)
                guard let discarded = try await desk.discard(id, reason: reason, by: by) else { return nil }
                let remaining = try followers.planner.parked().filter { $0.sequence == discarded.item.sequence }
                return .init(done: 0, remaining: remaining.count)
            },
            projection: { [projections] action, name in
                // On a thread of its own, behind those who wait for an answer.
                try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                    Task.detached(priority: .utility) {
                        done.resume(
                            with: Result {
                                switch action {
                                case .rebuild: try projections.rebuild(name)
                                case .revert: try projections.revert(name)
                                case .dropOld: try projections.dropOld(name)
                                }
                            }
                        )
                    }
                }
            }
        )
    }

    /// Both places stand in the settings while the keys are wrapped anew, in one transaction: whichever key is in force after a crash is found.
    private func rotateMasterKey(to place: String?) throws -> OperatorServices.Rotation {
        let masters = MasterKeyPlace(directory)
        if ProcessInfo.processInfo.environment[MasterKeyPlace.variable] != nil {
            throw Failure(.usage, "\(MasterKeyPlace.variable) is set and comes before every other place: start without it to rotate")
        }
        let next: (key: MasterKey, place: String)
        if let place {
            next = (try MasterKeyPlace.source(place, relativeTo: directory).load(), place)
        } else {
            next = try masters.createNext()
        }
        var settings = try directory.settings()
        settings.nextMasterKey = next.place
        try directory.save(settings)
        let count = try keys.rotate(to: next.key)
        (settings.masterKey, settings.nextMasterKey) = (next.place, nil)
        try directory.save(settings)
        return OperatorServices.Rotation(masterKey: next.key.id, rewrapped: count)
    }

    var erasures: ErasureServices {
        let desk = ErasureDesk(coordinator: coordinator, keys: keys)
        return ErasureServices(
            extent: { try desk.extent(of: $0) },
            erase: { patients, reason, caller, key in
                let erasure = try await desk.erase(patients, reason: reason, by: caller, key: key)
                guard try await projections.wait(for: erasure.position, atMost: 60_000) else {
                    throw Failure(.storage, "the keys are destroyed, but the views have not dropped the patient within a minute; see /readyz")
                }
                try await projections.purge()
                _ = try followers.store.purge()
                return erasure
            },
            earlier: { try desk.earlier($0, by: $1) },
            isErased: { try desk.isErased($0) },
            finish: {
                _ = try desk.finishErasures()
                try await projections.purge()
                _ = try followers.store.purge()
            },
            patientsOfINS: { [streams = coordinator.streams] ins in
                Set(try PatientReader(views: views, lookupKey: { streams.lookupKey($0) }).streams(ins: ins))
            }
        )
    }
}
