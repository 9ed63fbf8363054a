import Hummingbird

/// After a form: look at another page (303), so that loading it again sends nothing again.
struct SeeOther: Error, HTTPResponseError {
    let location: String

    /// - Parameters:
    ///   - path: a path of ours.
    ///   - fragment: the part of the page to show.
    init(_ path: String, _ message: FlashMessage? = nil, fragment: String? = nil) {
        location = path + (message.map { "?message=\($0.rawValue)" } ?? "") + (fragment.map { "#\($0)" } ?? "")
    }

    var status: HTTPResponse.Status { .seeOther }

    var response: Response { Response(status: .seeOther, headers: [.location: location]) }

    func response(from request: Request, context: some RequestContext) throws -> Response { response }
}
