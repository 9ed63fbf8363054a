import Intake
import Synchronization
import Web

/// What came of the frames of one territory since the process began, by whatever way they came: what is not recorded is counted nowhere else.
final class IntakeCounters: Sendable {
    private enum Result: String, CaseIterable {
        case recorded, repeated, unavailable, unreadable
    }

    private let counts = Mutex<[Result: Int64]>([:])

    func count(_ observation: IntakeObservation) {
        let result = Self.result(of: observation.event)
        counts.withLock { $0[result, default: 0] += 1 }
    }

    private static func result(of event: IntakeObservation.Event) -> Result {
        switch event {
        case .received(.recorded): .recorded
        case .received(.repeated): .repeated
        case .received(.unavailable): .unavailable
        case .unreadable: .unreadable
        }
    }

    /// For `/metrics`: each result, those that never came included.
    var families: [MetricFamily] {
        let counts = counts.withLock { $0 }
        return [
            MetricFamily(
                "relais_intake_frames_total",
                .counter,
                "Frames since the process began: recorded, repeated, not recorded for trouble of ours (AR 207), or unreadable.",
                Result.allCases.map { .init([("result", $0.rawValue)], counts[$0] ?? 0) }
            )
        ]
    }
}
