import Testing

/// Every suite is in here: the time limit is for a cluster that hangs, not for a slow machine.
@Suite(.timeLimit(.minutes(30)))
struct AllTests {}

/// Whether an outcome is an error of this kind.
func code(of result: Result<some Any, some Error>) -> String {
    switch result {
    case .success: "success"
    case .failure(let error): "\(error)".prefix { $0 != ":" }.description
    }
}
