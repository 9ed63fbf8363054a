import Coordination
import EventStore
import Foundation
import Notifications
import Pathways
import Timekeeping

/// People at home of whom alert signs are reported: each makes the planner ask their doctor at once, so that an urgent message goes out.
struct AlertStories: Sendable {
    let node: Node
    let pathways: [StreamID]
    private let reporter: Caller
    private let run: String

    /// Makes stays that lack, each with one of the territory's doctors as their own, and gives each doctor a channel: secure mail, and every
    /// tenth one the text message that reaches nobody.
    static func make(_ count: Int, in node: Node) async throws -> AlertStories {
        let state = try node.coordinator.loader.territory(node.coordinator.streams.territory).state
        guard let territory = state.territory, let hospital = territory.hospitals.first(where: { $0.units.contains { $0.contact != nil } }),
            let unit = hospital.units.first(where: { $0.contact != nil }), let contact = unit.contact
        else { throw Failure(.usage, "the territory names no unit that somebody answers for") }
        let doctors = territory.professionals.filter { $0.role == .attendingGP }
        guard let commune = territory.communes.first, let postalCode = commune.postalCodes.first, !doctors.isEmpty else {
            throw Failure(.usage, "the territory names no doctor")
        }
        let (staff, referent) = (try Caller(urn: contact.value, in: state), try Caller(urn: territory.referent.rpps.value, in: state))
        for (index, doctor) in doctors.enumerated() {
            let channel = ChannelAddress(
                kind: index % 10 == 9 ? .sms : .mssante,
                address: index % 10 == 9 ? "+33639980001" : "doctor-\(index)@mssante.example"
            )
            let key = RequestKey(key: "bench-channels-\(doctor.rpps.value)", body: Array("\(channel)".utf8))
            _ = try await node.notifications.ledger.setChannels([channel], of: doctor.rpps.value, by: referent, key: key)
        }
        let desk = HospitalDesk(coordinator: node.coordinator)
        let now = node.coordinator.time.now()
        var pathways: [StreamID] = []
        for number in 0..<count {
            let visit = LocalIdentifier(authority: hospital.finess.value, value: "BENCH\(number)")
            let stream = node.coordinator.streams.pathway(visit)
            pathways.append(stream)
            if try node.log.version(of: stream) > 0 { continue }
            let identity = PatientIdentity(
                identifier: LocalIdentifier(authority: hospital.finess.value, value: "PBENCH\(number)"),
                birthFamilyName: "FICTIF",
                givenName: "Jeanne",
                address: PatientAddress(city: commune.name, postalCode: postalCode)
            )
            let doctor = doctors[number % doctors.count]
            let admission = HospitalDesk.Admission(
                visit: visit,
                identity: identity,
                at: now.adding(days: -3),
                declared: [DeclaredProfessional(role: .attendingGP, rpps: doctor.rpps.value)]
            )
            _ = try await desk.admit(admission, by: staff, key: RequestKey(key: "bench-admission-\(number)", body: []))
            _ = try await desk.perform(
                .discharge(at: now.adding(hours: -1), DischargeMode(destination: .home)),
                on: stream,
                by: staff,
                key: RequestKey(key: "bench-discharge-\(number)", body: [])
            )
        }
        return AlertStories(node: node, pathways: pathways, reporter: referent, run: UUID().uuidString)
    }

    /// One more sign: of the next pathway in turn.
    func report(_ number: Int) async throws {
        let stream = pathways[number % pathways.count]
        let now = node.coordinator.time.now()
        _ = try await PathwayDesk(coordinator: node.coordinator).perform(
            .reportAlert(.fever, at: now, followUp: nil, called: [], note: nil),
            on: stream,
            by: reporter,
            key: RequestKey(key: "bench-\(run)-\(number)", body: [])
        )
    }
}
