public import NotificationChannels
public import Pathways
import Synchronization
public import Timekeeping

/// Lets a bounded number of attempts at each destination through, and none but a probe where nobody answers: a dead or slow destination holds
/// neither threads nor the messages for others.
public final class DestinationGate: Sendable {
    /// A place at a destination, to be given back.
    public struct Pass: Sendable {
        let destination: Destination
        let isProbe: Bool
    }

    public enum Entry: Sendable {
        case free(Pass)
        /// Nothing is attempted now; if `isDown`, because nobody answers there.
        case postponed(until: Instant, isDown: Bool)
    }

    private let states = Mutex<[Destination: DestinationState]>([:])
    private let parallel: [ChannelKind: Int]

    /// - Parameter parallel: attempts at once by kind; for those left out 8, of webhooks 2 a host.
    public init(parallel: [ChannelKind: Int] = [:]) {
        self.parallel = parallel
    }

    public func enter(_ destination: Destination, isUrgent: Bool, at now: Instant) -> Entry {
        with(destination) { state in
            switch state.enter(isUrgent: isUrgent, at: now) {
            case .free(let isProbe): .free(Pass(destination: destination, isProbe: isProbe))
            case .wait(let until): .postponed(until: until, isDown: false)
            case .down(let until): .postponed(until: until, isDown: true)
            }
        }
    }

    /// Gives a place back.
    ///
    /// - Returns: who waited for one, to be looked at now.
    public func leave(_ pass: Pass, after outcome: DeliveryOutcome, at now: Instant) -> [String] {
        with(pass.destination) { $0.leave(Self.verdict(of: outcome), isProbe: pass.isProbe, at: now) }
    }

    /// Has somebody called when there is a place; told at once if there is one by now.
    public func wait(_ recipient: String, for destination: Destination, isUrgent: Bool) -> [String] {
        with(destination) { $0.wait(recipient, isUrgent: isUrgent) }
    }

    /// Where nobody answers.
    public var down: Set<Destination> { states.withLock { Set($0.filter(\.value.isDown).keys) } }

    private func with<Result: Sendable>(_ destination: Destination, _ body: (inout DestinationState) -> Result) -> Result {
        states.withLock { states in
            let places = parallel[destination.kind] ?? (destination.kind == .webhook ? 2 : 8)
            var state = states[destination] ?? DestinationState(parallel: places)
            let result = body(&state)
            states[destination] = state.isIdle ? nil : state
            return result
        }
    }

    /// Words of channels that say that nobody could be talked to, rather than that this message is not wanted now.
    private static let silences: Set<String> = ["unreachable", "timeout", "closed", "tls", "tls-files", "credentials", "protocol", "local", "folder"]

    static func verdict(of outcome: DeliveryOutcome) -> DestinationState.Verdict {
        switch outcome {
        case .handedOver, .never: .answered
        case .later("cancelled", _): .unknown
        case .later(let reason, _): silences.contains(reason) || reason.hasPrefix("configuration-") ? .silent : .answered
        }
    }
}
