public import Hummingbird
import Logging

/// What travels with a request. Who asks is no part of it: each route says how it learns that.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage

    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// Ties an answer to its log lines.
    var requestID: String? { logger[metadataKey: "hb.request.id"].map { "\($0)" } }
}
