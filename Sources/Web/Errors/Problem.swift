import HL7v2
import Hummingbird
import Intake
import Pathways

/// What went wrong, as RFC 9457 says it. Texts name fields and rules, never a value of a patient.
struct Problem: Error, Sendable, Hashable {
    let status: HTTPResponse.Status
    /// Stable, for programs.
    let code: String
    /// What kind of problem it is: the same for each occurrence.
    let title: String
    /// This occurrence: what, where, what to do.
    let detail: String
    /// Seconds after which to try again.
    var retryAfter: Int?
    /// The faults of a file, in the order of its lines.
    var faults: [FileProblem] = []
    /// The faults of a message, in the order in which they were found.
    var messageFaults: [IntakeFault] = []

    init(_ status: HTTPResponse.Status, _ code: String, _ title: String, _ detail: String, retryAfter: Int? = nil, faults: [FileProblem] = []) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retryAfter = retryAfter
        self.faults = faults
    }

    static let contentType = "application/problem+json"

    /// - Parameter instance: names this occurrence; log lines carry the same.
    func response(instance: String?) -> Response {
        let bytes = JSONWriter.object { json in
            json.write("type", "urn:relais:problem:\(code)")
            json.write("title", title)
            json.write("status", Int64(status.code))
            json.write("detail", detail)
            json.write("code", code)
            json.write("instance", instance)
            json.write("errors", faults) { json, fault in
                json.write("file", fault.file)
                json.write("line", fault.line)
                json.write("column", fault.column)
                json.write("path", fault.path)
                json.write("problem", fault.problem)
                json.write("remedy", fault.remedy)
            }
            if !messageFaults.isEmpty {
                json.write("errors", messageFaults) { json, fault in
                    json.write("code", fault.code.rawValue)
                    json.write("location", "\(fault.location)")
                    json.write("problem", fault.reason)
                }
            }
        }
        var headers: HTTPFields = [.contentType: Self.contentType]
        if let retryAfter { headers[.retryAfter] = "\(retryAfter)" }
        if status == .unauthorized { headers[.wwwAuthenticate] = "Relais-Actor realm=\"relais\"" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// An error that knows what it means over HTTP. Each room's errors join by conformance.
protocol ProblemConvertible: Error {
    var httpProblem: Problem { get }
}

extension Problem: ProblemConvertible {
    var httpProblem: Problem { self }
}
