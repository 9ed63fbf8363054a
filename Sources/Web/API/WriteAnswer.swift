import Coordination
import Hummingbird
import Pathways

extension Coordinator.Outcome {
    /// What a write answers: made of nothing but the request, the position and what was answered first, so that a repetition gets the same bytes.
    func response(
        _ status: HTTPResponse.Status = .ok,
        pathway: String? = nil,
        followUp: String? = nil,
        report: String? = nil,
        location: String? = nil
    ) -> Response {
        JSONAnswer.response(status, headers: location.map { [.location: $0] } ?? [:]) { json in
            json.write("pathway", pathway)
            json.write("followUp", followUp)
            json.write("report", report)
            json.write("position", position)
        }
    }

    /// The desk's own answer; nil if it has none, or it was erased.
    var text: String? {
        let bytes: [UInt8]? =
            switch self {
            case .done(let answer, _): answer
            case .repeated(let answer, _): answer
            }
        return bytes.flatMap { $0.isEmpty ? nil : String(validating: $0, as: UTF8.self) }
    }
}
