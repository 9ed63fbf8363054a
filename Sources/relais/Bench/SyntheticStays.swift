import Coordination
import EventStore
import HL7v2
import Intake
import Pathways
import Simulation
import Timekeeping

/// Fills a territory with whole stays through the real way in: messages, planning, answers. About thirteen events each.
struct SyntheticStays: Sendable {
    private static let concurrency = 48

    let node: Node
    let territory: Territory
    let hospital: Hospital
    /// One for all stays: what everybody has in hand is counted once.
    private let planner: FollowUpPlanner

    init(_ node: Node) throws {
        self.node = node
        planner = FollowUpPlanner(coordinator: node.coordinator)
        territory = try TerritoryFile.parse(yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml")
        guard let hospital = territory.hospitals.first(where: { !$0.senders.isEmpty && !$0.units.isEmpty }) else {
            throw Failure(.usage, "the demo territory names no hospital that sends messages")
        }
        self.hospital = hospital
    }

    /// Tells stays until the log holds `events`.
    func fill(to events: Int64) async throws {
        var next = try node.log.head().position
        var progress = ProgressLine()
        while try node.log.head().position < events {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.concurrency {
                    next += 1
                    let number = next
                    group.addTask { try await tell(number) }
                }
                try await group.waitForAll()
            }
            progress.show("fill", try node.log.head().position, of: events)
        }
        progress.end()
    }

    private func tell(_ number: Int64) async throws {
        var random = SplitMix64(state: UInt64(bitPattern: number))
        guard let unit = hospital.units.randomElement(using: &random), let sender = HospitalSender(of: hospital) else { return }
        let story = HospitalStory(
            patient: FictionalPatient(number: "P\(number)", at: unit, in: territory, using: &random),
            visit: "V\(number)",
            unit: unit,
            sender: sender,
            exit: .home
        )
        let now = node.coordinator.time.now()
        for (index, step) in HospitalStory.Step.allCases.enumerated() {
            let message = story.message(step, controlID: "\(number)S\(index)", at: now.adding(minutes: Int64(index) - 10))
            guard case .acknowledge(_, let receipt) = await node.intake.receive(message), receipt.acknowledgement.isSuccess else {
                throw Failure(.storage, "a synthetic message was not accepted")
            }
        }
        let stream = node.coordinator.streams.pathway(LocalIdentifier(authority: hospital.finess.value, value: story.visit))
        try await planner.reconcile(stream, causedBy: nil, step: "bench")
        try await answer(stream, at: now, using: &random)
    }

    /// Two accept, one declines, one reports.
    private func answer(_ stream: StreamID, at now: Instant, using random: inout SplitMix64) async throws {
        let desk = FollowUpDesk(coordinator: node.coordinator)
        let state = try node.coordinator.loader.territory(node.coordinator.streams.territory).state
        let asked = try node.coordinator.loader.pathway(stream).state.followUps.compactMap { followUp in
            followUp.pendingOffers.first.map { (followUp.id, $0.to) }
        }
        for (index, (followUp, to)) in asked.prefix(3).enumerated() {
            let (team, rpps) = Self.answering(to, in: state.territory)
            let caller = try Caller(urn: rpps, in: state)
            if index == 2 {
                let decline = team.map { FollowUpDesk.Action.declineForTeam($0, .noCapacity) } ?? .decline(.noCapacity)
                _ = try await desk.perform(decline, on: followUp, in: stream, by: caller, key: nil)
                continue
            }
            let accept = team.map { FollowUpDesk.Action.claim(team: $0) } ?? .accept
            _ = try await desk.perform(accept, on: followUp, in: stream, by: caller, key: nil)
            if index == 0 {
                _ = try await desk.perform(.complete(at: now, .done, note: nil), on: followUp, in: stream, by: caller, key: nil)
            }
        }
    }

    /// Who answers an offer: of a team, its first member.
    private static func answering(_ addressee: String, in territory: Territory?) -> (team: String?, rpps: String) {
        switch Addressee(rawValue: addressee) {
        case .professional(let rpps): (nil, rpps)
        case .team(let id): (id, territory?.teams.first { $0.id == id }?.members.first?.value ?? "")
        }
    }

    /// A node on the bench's own directory.
    static func node(in directory: NodeDirectory) async throws -> Node {
        if !directory.isInitialised {
            try await InitCommand.initialise(directory, yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml", environment: .test)
        }
        return try Node.open(directory, logger: .quiet)
    }
}
