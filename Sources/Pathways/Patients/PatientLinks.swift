/// Follows the links between numbers: merges (A40), and dossiers that were moved (A44). Reads each number's state through `patient`, so
/// that it works over whatever holds them.
public struct PatientLinks<Failure: Error> {
    private let patient: (_ stream: String) throws(Failure) -> Patient

    /// - Parameter patient: the state of the patient of that stream id (hexadecimal).
    public init(_ patient: @escaping (_ stream: String) throws(Failure) -> Patient) { self.patient = patient }

    /// The stream under which the person of `stream` goes on: itself unless it was merged into another. Of numbers that were merged in a
    /// circle, the one whose own retirement was stated first: the later word counts.
    public func survivor(of stream: String) throws(Failure) -> String {
        var path: [(stream: String, statement: Statement)] = []
        var current = stream
        while true {
            if let start = path.firstIndex(where: { $0.stream == current }) {
                return path[start...].min { $0.statement < $1.statement }?.stream ?? current
            }
            guard let change = try patient(current).latestRetirement, change.isMerge else { return current }
            path.append((current, change.statement))
            current = change.survivor.stream
        }
    }

    /// All numbers of one person, the surviving one first, the others in order of stream id.
    public func person(of stream: String) throws(Failure) -> [String] {
        // Most were never merged.
        if try patient(stream).linkChanges.isEmpty { return [stream] }
        let survivor = try survivor(of: stream)
        var members: Set<String> = [survivor]
        var unseen = [survivor]
        while let next = unseen.popLast() {
            let known = try patient(next)
            for link in known.linkChanges.flatMap({ [$0.retired.stream, $0.survivor.stream] }) where !members.contains(link) {
                guard try self.survivor(of: link) == survivor else { continue }
                members.insert(link)
                unseen.append(link)
            }
        }
        return [survivor] + members.subtracting([survivor]).sorted()
    }

    /// Every number that merges ever linked with one of `streams`, whether they are in force or not: whoever may be another person once a
    /// merge or its undoing is known.
    public func related(to streams: [String]) throws(Failure) -> [String] {
        var related: Set<String> = []
        var unseen = streams
        while let next = unseen.popLast() {
            guard related.insert(next).inserted else { continue }
            unseen += try patient(next).linkChanges.flatMap { [$0.retired.stream, $0.survivor.stream] }
        }
        return related.sorted()
    }

    /// Whose dossier `account` is now, of which a message says that it is of `link`; and the move that says so, nil if none does. A move that
    /// names one number of a person means all of them. The last word counts among all moves that are connected, whichever patient the sender
    /// says that it takes the dossier from.
    public func owner(of account: LocalIdentifier, saidToBeOf link: PatientLink) throws(Failure) -> (owner: PatientLink, by: DossierMoved?) {
        guard let last = try connected(by: account, with: link.stream).last, !(try person(of: link.stream).contains(last.to.stream)) else {
            return (link, nil)
        }
        return (last.to, last)
    }

    /// Every number that moves of `account` connect with `stream`, the other numbers of the same persons included, and the last of those moves.
    public func connected(by account: LocalIdentifier, with stream: String) throws(Failure) -> (numbers: Set<String>, last: DossierMoved?) {
        var last: DossierMoved?
        var numbers: Set<String> = []
        var unseen = [stream]
        while let next = unseen.popLast() {
            for number in try person(of: next) where numbers.insert(number).inserted {
                for move in try patient(number).movedDossiers where move.account == account {
                    if last.map({ $0.statement < move.statement }) ?? true { last = move }
                    unseen += [move.from.stream, move.to.stream].filter { !numbers.contains($0) }
                }
            }
        }
        return (numbers, last)
    }
}
