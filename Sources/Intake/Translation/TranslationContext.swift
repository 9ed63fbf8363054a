public import Coordination
import EventStore
public import HL7v2
public import Pathways
public import Timekeeping

/// All that a translation depends on beside the message itself: handed in, so that the same message under the same context always says
/// the same (I12).
public struct TranslationContext: Sendable {
    /// The directory in force.
    public let territory: Territory
    public let environment: DeploymentEnvironment
    /// What was agreed with this sender.
    public let profile: SiteProfile
    /// How to read times written without an offset.
    public let clock: ZoneTable
    /// When the frame was received.
    public let receivedAt: Instant
    /// SHA-256 of the frame's bytes, hexadecimal.
    public let digest: String
    /// Computes the ids of streams.
    public let streams: StreamNames

    public init(
        territory: Territory,
        environment: DeploymentEnvironment,
        profile: SiteProfile = .strict,
        clock: ZoneTable,
        receivedAt: Instant,
        digest: String,
        streams: StreamNames
    ) {
        self.territory = territory
        self.environment = environment
        self.profile = profile
        self.clock = clock
        self.receivedAt = receivedAt
        self.digest = digest
        self.streams = streams
    }

    var authorities: AuthorityNames { AuthorityNames(profile.authorities) }

    var senderClock: SenderClock { SenderClock(zone: clock, receivedAt: receivedAt) }

    func link(_ patient: LocalIdentifier) -> PatientLink {
        PatientLink(identifier: patient, stream: streams.patient(patient).hex)
    }
}
