import HL7v2
import Web

extension MLLPCounters {
    /// For `/metrics`: of the process, whatever territories it serves.
    var families: [MetricFamily] {
        [
            Self.counter("relais_mllp_connections_total", "Connections accepted.", connections),
            MetricFamily("relais_mllp_open_connections", .gauge, "Connections open now.", [.init([], Int64(clamping: openConnections))]),
            Self.counter("relais_mllp_refused_connections_total", "Connections closed at once because there were too many.", refused),
            Self.counter("relais_mllp_timed_out_connections_total", "Connections closed because something did not come in time.", timedOut),
            Self.counter("relais_mllp_crowded_out_connections_total", "Connections closed because unfinished frames held too much.", crowdedOut),
            Self.counter("relais_mllp_frames_total", "Complete frames.", frames),
            Self.counter("relais_mllp_truncated_frames_total", "Frames begun and not ended.", truncated),
            Self.counter("relais_mllp_oversized_frames_total", "Frames longer than allowed.", oversized),
            Self.counter("relais_mllp_garbage_bytes_total", "Bytes outside frames.", garbage),
        ]
    }

    private static func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        MetricFamily(name, .counter, help, [.init([], Int64(clamping: value))])
    }
}
