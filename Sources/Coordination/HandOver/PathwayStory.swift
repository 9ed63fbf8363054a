import EventStore
import Pathways

/// What one log holds of a visit and its patient at one moment: what another log is told.
struct PathwayStory: Sendable {
    let stream: StreamID
    let patientStream: StreamID
    let pathway: Pathway
    let patient: Patient
    let reference: PathwayReference
    /// The versions that both streams had.
    let versions: [StreamID: Int64]
    /// The last event of either.
    let last: RecordedEvent

    /// Nil if the visit or the patient is unknown there, or their events were erased.
    init?(of stream: StreamID, in territory: ServedTerritory) throws {
        let (log, loader) = (territory.coordinator.log, territory.coordinator.loader)
        let pathway = try loader.pathway(stream)
        guard let reference = pathway.state.reference, let patientStream = StreamID(hex: reference.patientStream) else { return nil }
        let patient = try loader.patient(patientStream)
        var ends: [RecordedEvent] = []
        for (stream, version) in [(stream, pathway.version), (patientStream, patient.version)] where version > 0 {
            ends += try log.read(stream: stream, fromVersion: version, limit: 1)
        }
        guard let last = ends.max(by: { $0.position < $1.position }) else { return nil }
        self.stream = stream
        self.patientStream = patientStream
        self.pathway = pathway.state
        self.patient = patient.state
        self.reference = reference
        self.last = last
        versions = [stream: pathway.version, patientStream: patient.version]
    }
}
