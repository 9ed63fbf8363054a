public import Timekeeping

/// What to ask of a log: which protocol would have been in force, over which period, and how often to draw.
public struct WhatIfOptions: Sendable {
    /// The protocol's file, as it would be published.
    public var yaml: String
    /// The name that faults of the file are reported under.
    public var file: String
    /// The first instant of the period, by recorded time; nil = the log's beginning.
    public var from: Instant?
    /// The first instant after the period, by recorded time; nil = the log's end.
    public var to: Instant?
    /// How often people's answers are drawn.
    public var draws = 40
    /// Of what is drawn. The same seed gives the same bytes.
    public var seed: UInt64 = 1

    public init(yaml: String, file: String) {
        self.yaml = yaml
        self.file = file
    }
}
