public import Hummingbird
import Logging
import NIOCore

/// What travels with a request. Who asks is no part of it: each route says how it learns that.
public struct WebContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The connection that it came by; nil for what is asked within the process.
    let channel: (any Channel)?

    public init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Of what is asked within the process.
    init(within source: some RequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = nil
    }

    /// Ties an answer to its log lines.
    var requestID: String? { logger[metadataKey: "hb.request.id"].map { "\($0)" } }
}
