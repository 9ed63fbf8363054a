import Projections

/// A state in a word, and how it is drawn. The word alone tells it: without colours the page says the same.
struct StatusWord: Sendable, Hashable {
    enum Look: String, Sendable {
        case late, waiting, calm, over
    }

    let word: String
    /// A class of the style sheet.
    let look: String

    init(_ word: String, _ look: Look) {
        self.word = word
        self.look = look.rawValue
    }

    init(_ item: ToDoItem, bucket: ToDoList.Bucket) {
        switch (item.kind, item.late) {
        case (.notice, _): self.init("Retiré", .over)
        case (.onHold, _): self.init(FollowUpWords.onHold, .over)
        case (_, true): self.init("En retard", .late)
        case (.offered, false): self.init("À accepter", .waiting)
        case (.owned, false): self.init(bucket == .watching ? "En attente" : "À attribuer", .waiting)
        case (.accepted, false), (.escalated, false): self.init("Accepté", .calm)
        }
    }
}
