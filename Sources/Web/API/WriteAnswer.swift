import Coordination
import Hummingbird
import Pathways

extension Coordinator.Outcome {
    /// What a write answers: made of nothing but the request and the position, so that a repetition gets the same bytes.
    func response(_ status: HTTPResponse.Status = .ok, pathway: String? = nil, followUp: String? = nil, location: String? = nil) -> Response {
        JSONAnswer.response(status, headers: location.map { [.location: $0] } ?? [:]) { json in
            json.write("pathway", pathway)
            json.write("followUp", followUp)
            json.write("position", position)
        }
    }
}
