import Pathways

extension Pathway.Status {
    /// The state of a pathway whose patient may have died elsewhere, or after it: what was cancelled or is another territory's stays so.
    func ofPatient(deceased: Bool) -> Pathway.Status {
        switch self {
        case .preadmitted, .admitted, .onLeave, .discharged, .atHome: deceased ? .deceased : self
        case .cancelled, .deceased, .closed: self
        }
    }
}
