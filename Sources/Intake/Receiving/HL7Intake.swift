public import Coordination
import EventStore
import HL7v2
public import Logging
public import Pathways
import Timekeeping

/// The one way of an HL7 v2 message into the log, whatever brought it: MLLP, the API or an import.
///
/// `receive` answers only after the frame, what was decided on it and the answer itself are durable (I1), and recognises repetitions (I4):
/// the same bytes get the same answer again, another message under a used MSH-10 is taken and flagged.
public struct HL7Intake: Sendable {
    /// The most bytes that one frame may have: well below what one event can hold.
    public static let frameLimit = 8 * 1_024 * 1_024

    let coordinator: Coordinator
    let environment: DeploymentEnvironment
    let logger: Logger
    let observe: @Sendable (IntakeObservation) -> Void
    let translator = HL7Translator()
    let clocks = ClockTables()

    /// - Parameters:
    ///   - coordinator: decides and appends; its clock and ids date and name the acknowledgements.
    ///   - environment: which patients this installation may hold.
    ///   - logger: hears of refusals and failures, never of content.
    ///   - observe: hears of every frame, for counters.
    public init(
        coordinator: Coordinator,
        environment: DeploymentEnvironment,
        logger: Logger,
        observe: @escaping @Sendable (IntakeObservation) -> Void = { _ in }
    ) {
        self.coordinator = coordinator
        self.environment = environment
        self.logger = logger
        self.observe = observe
    }

    /// Takes in one frame, without its MLLP envelope, and says what to answer. Never throws: trouble of ours is an `AR` 207, after which
    /// nothing is recorded and the sender repeats.
    public func receive(_ bytes: [UInt8]) async -> IntakeReply {
        guard bytes.count <= Self.frameLimit else { return unanswered(.oversized(limit: Self.frameLimit)) }
        let frame: ReceivedFrame
        do {
            frame = ReceivedFrame(try Message(parsing: bytes), bytes: bytes, at: coordinator.time.now())
        } catch {
            return unanswered(.unreadable(error))
        }
        do {
            return reply(try await record(frame, Attempt()), to: frame)
        } catch {
            return notRecorded(frame, error)
        }
    }

    /// Takes in a frame that was read already, for this territory among several.
    ///
    /// - Parameter warnings: what is remarked beside the message's own defects.
    /// - Returns: nil if the pathway was handed over to another territory: nothing was recorded.
    func receive(_ frame: ReceivedFrame, warnings: [IntakeWarning]) async -> IntakeReply? {
        do {
            return reply(try await record(frame, Attempt(warnings: warnings, isRouted: true)), to: frame)
        } catch let rejection as Rejection where rejection.code == .handedOver {
            return nil
        } catch {
            return notRecorded(frame, error)
        }
    }

    private func notRecorded(_ frame: ReceivedFrame, _ error: any Error) -> IntakeReply {
        logger.error("message not recorded, answered AR 207", metadata: ["reason": "\(Self.reason(of: error))"])
        return unavailable(frame)
    }

    // MARK: - Recording

    /// What is answered, and what it stands on.
    struct Answer {
        var bytes: [UInt8]
        var receipt: IntakeReceipt
    }

    /// One try at recording a frame.
    struct Attempt {
        /// What is remarked beside the message's own defects.
        var warnings: [IntakeWarning] = []
        /// Whoever handed it in looks elsewhere for a pathway that was handed over.
        var isRouted = false
        /// Another message came under the same MSH-10 before.
        var isControlIDReused = false
        /// The domain's refusal of the try before.
        var rejection: Rejection?
    }

    private func record(_ frame: ReceivedFrame, _ attempt: Attempt) async throws -> Answer {
        do {
            return try await decide(frame, attempt)
        } catch EventStoreError.Code.commandKeyReused {
            var second = attempt
            second.isControlIDReused = true
            return try await decide(frame, second)
        }
    }

    private func key(_ key: String, _ frame: ReceivedFrame) -> CommandKey {
        CommandKey(scope: frame.sender.commandScope, key: key, requestHash: frame.hash, match: .keyAndBody)
    }

    /// A refusal of the domain takes back the whole decision, so it is recorded by a second one: that the message is in quarantine.
    private func decide(_ frame: ReceivedFrame, _ attempt: Attempt) async throws -> Answer {
        do {
            return try await perform(frame, attempt)
        } catch let rejection as Rejection {
            if attempt.isRouted, rejection.code == .handedOver { throw rejection }
            var second = attempt
            second.rejection = rejection
            return try await perform(frame, second)
        }
    }

    private func perform(_ frame: ReceivedFrame, _ attempt: Attempt) async throws -> Answer {
        var decided: Answer?
        let key = key(attempt.isControlIDReused ? frame.commandKeyWithDigest : frame.commandKey, frame)
        let outcome = try await coordinator.perform(key) { work in
            let answer = try decide(frame, attempt, in: &work)
            decided = answer
            return answer.bytes
        }
        switch outcome {
        case .done(let bytes, let position):
            guard var decided else { return try repeated(bytes, position, frame) }
            decided.receipt.position = position
            return decided
        case .repeated(let bytes, let position):
            return try repeated(bytes, position, frame)
        }
    }
}
