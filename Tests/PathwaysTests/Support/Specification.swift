import Pathways
import Testing

/// Given these events, when this command, then these events, or this rejection: how tests of the domain read.
struct Given {
    let state: Pathway
    let protocols: ProtocolLibrary

    init(_ events: [PathwayEvent] = [], under protocols: ProtocolLibrary = Example.protocols) {
        state = Pathway(folding: events)
        self.protocols = protocols
    }

    func when(_ command: PathwayCommand) -> When {
        do throws(Rejection) {
            return When(result: .success(try decide(command, given: state, under: protocols)))
        } catch {
            return When(result: .failure(error))
        }
    }

    struct When {
        let result: Result<[PathwayEvent], Rejection>

        var events: [PathwayEvent] { (try? result.get()) ?? [] }

        func then(_ expected: [PathwayEvent], sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(result == .success(expected), sourceLocation: sourceLocation)
        }

        func thenNothing(sourceLocation: SourceLocation = #_sourceLocation) { then([], sourceLocation: sourceLocation) }

        func thenRejected(_ code: Rejection.Code, sourceLocation: SourceLocation = #_sourceLocation) {
            switch result {
            case .success(let events): Issue.record("expected \(code.rawValue), but \(events.count) events came", sourceLocation: sourceLocation)
            case .failure(let rejection): #expect(rejection.code == code, sourceLocation: sourceLocation)
            }
        }
    }
}
