import Pathways
import Timekeeping

/// An invented past: what previews and the lint are rendered from.
struct SamplePast: LogPast {
    private var pathways: [String: PathwayPast] = [:]
    private var patients: [String: Patient] = [:]
    private var undeliverables: [String: MessageUndeliverable] = [:]
    private let directory: Territory

    init(_ directory: Territory) {
        self.directory = directory
    }

    /// Adds a story, and the news that it tells.
    mutating func add(_ story: SampleStory) {
        pathways[story.cast.pathwayStream] = PathwayPast(Pathway(folding: story.events.map(\.event)), events: story.events)
        patients[story.cast.patientStream] = story.patient
        if let body = story.undeliverable { undeliverables[story.news.key.event] = body }
    }

    func pathway(_ stream: String, at position: Int64, telling news: News?) throws -> PathwayPast? { pathways[stream] }

    func patient(_ stream: String, at position: Int64) throws -> Patient { patients[stream] ?? Patient(stream: stream) }

    func undeliverable(_ event: String, since at: Instant, upTo position: Int64) throws -> MessageUndeliverable? {
        guard let body = undeliverables[event] else { throw RenderingError.eventMissing(id: event) }
        return body
    }

    func territory(at position: Int64) throws -> Territory? { directory }
}
