/// A figure of `/metrics` that is counted in memory since the process began, beside those that are read from the log and the views.
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        case gauge, counter
    }

    public struct Value: Sendable {
        public let labels: [(String, String)]
        public let value: Int64

        public init(_ labels: [(String, String)] = [], _ value: Int64) {
            self.labels = labels
            self.value = value
        }
    }

    /// As in the Prometheus text format: `relais_mllp_frames_total`.
    public let name: String
    public let kind: Kind
    /// One line, in English.
    public let help: String
    public let values: [Value]

    public init(_ name: String, _ kind: Kind, _ help: String, _ values: [Value]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.values = values
    }
}
