import Timekeeping

/// All that one person was told, as far as a decision may need it, whatever the years: some 200 bytes a message of one news. Looked up by
/// message, by news and by pathway; each of these is a chain from the latest to the first.
struct ToldLedger: Hashable, Sendable {
    private struct Message: Hashable, Sendable {
        var marks = MessageMarks()
        let name: CompactName
        /// Of its items, which follow each other.
        let firstItem: UInt32
        let itemCount: UInt32
    }

    private struct Item: Hashable, Sendable {
        let event: CompactName
        let followUp: CompactName?
        let message: UInt32
        let template: UInt32
        /// As the next ones ``none`` where there is none: an optional takes twice the memory.
        let pathway: UInt32
        let previousOfEvent: UInt32
        let previousOfPathway: UInt32
    }

    private struct Place: Hashable, Sendable {
        let name: CompactName
        var lastItem: UInt32
    }

    private static let none = UInt32.max

    private var messages: [Message] = []
    private var items: [Item] = []
    private var pathways: [Place] = []
    private var templates: [String] = []
    private var messageNumbers: [CompactName: UInt32] = [:]
    private var lastItemOfEvent: [CompactName: UInt32] = [:]
    private var pathwayNumbers: [CompactName: UInt32] = [:]
    private var templateNumbers: [String: UInt32] = [:]

    // MARK: - Asking

    var count: Int { messages.count }

    /// What it takes in memory, in bytes, within a fifth or so.
    var footprint: Int {
        messages.capacity * MemoryLayout<Message>.stride + items.capacity * MemoryLayout<Item>.stride
            + pathways.capacity * MemoryLayout<Place>.stride
            + (messageNumbers.capacity + lastItemOfEvent.capacity + pathwayNumbers.capacity) * 4 / 3
            * (MemoryLayout<CompactName>.stride + MemoryLayout<UInt32>.stride)
    }

    /// The latest, in the order in which they were first heard of.
    func latest(_ count: Int) -> [ToldMessage] { messages.suffix(max(0, count)).map(told) }

    func message(_ id: String) -> ToldMessage? { messageNumbers[CompactName(id)].map { told(messages[Int($0)]) } }

    func marks(of id: String) -> MessageMarks? { messageNumbers[CompactName(id)].map { messages[Int($0)].marks } }

    /// What became of each message that told a news, the latest first.
    func marks(of key: NewsKey) -> [MessageMarks] {
        guard let template = templateNumbers[key.template] else { return [] }
        let followUp = key.followUp.map(CompactName.init)
        return marks(from: lastItemOfEvent[CompactName(key.event)] ?? Self.none, \.previousOfEvent) { item in
            item.template == template && item.followUp == followUp
        }
    }

    /// What became of each message that told something of a pathway as one of these templates, the latest first.
    func marks(of pathway: String, followUp: String?, as templates: Set<String>) -> [MessageMarks] {
        guard let place = pathwayNumbers[CompactName(pathway)] else { return [] }
        let followUp = followUp.map(CompactName.init)
        let templates = Set(templates.compactMap { templateNumbers[$0] })
        return marks(from: pathways[Int(place)].lastItem, \.previousOfPathway) { item in
            templates.contains(item.template) && (followUp == nil || item.followUp == followUp)
        }
    }

    private func marks(from last: UInt32, _ previous: (Item) -> UInt32, where isMeant: (Item) -> Bool) -> [MessageMarks] {
        var found: [MessageMarks] = []
        var next = last
        while next != Self.none {
            let item = items[Int(next)]
            if isMeant(item) { found.append(messages[Int(item.message)].marks) }
            next = previous(item)
        }
        return found
    }

    private func told(_ message: Message) -> ToldMessage {
        let first = Int(message.firstItem)
        let items = items[first..<first + Int(message.itemCount)].map { item in
            ToldItem(
                event: item.event.text,
                template: templates[Int(item.template)],
                pathway: item.pathway == Self.none ? nil : pathways[Int(item.pathway)].name.text,
                followUp: item.followUp?.text
            )
        }
        return ToldMessage(id: message.name.text, items: items, marks: message.marks)
    }

    // MARK: - Taking in

    /// Takes a fact of a message in, which is new if nothing was heard of it.
    ///
    /// - Parameter items: what it tells, if it is new.
    mutating func note(_ id: String, _ items: [ToldItem] = [], _ change: (inout MessageMarks) -> Void) {
        let name = CompactName(id)
        let number = messageNumbers[name] ?? add(name, items)
        change(&messages[Int(number)].marks)
    }

    private mutating func add(_ name: CompactName, _ told: [ToldItem]) -> UInt32 {
        let number = Self.number(messages.count)
        messageNumbers[name] = number
        messages.append(Message(name: name, firstItem: Self.number(items.count), itemCount: Self.number(told.count)))
        for item in told { add(item, of: number) }
        return number
    }

    private mutating func add(_ told: ToldItem, of message: UInt32) {
        let number = Self.number(items.count)
        let event = CompactName(told.event)
        let (pathway, previous) = told.pathway.map { place(CompactName($0), lastItem: number) } ?? (Self.none, Self.none)
        items.append(
            Item(
                event: event,
                followUp: told.followUp.map(CompactName.init),
                message: message,
                template: template(told.template),
                pathway: pathway,
                previousOfEvent: lastItemOfEvent.updateValue(number, forKey: event) ?? Self.none,
                previousOfPathway: previous
            )
        )
    }

    private mutating func place(_ name: CompactName, lastItem: UInt32) -> (number: UInt32, previous: UInt32) {
        if let number = pathwayNumbers[name] {
            let previous = pathways[Int(number)].lastItem
            pathways[Int(number)].lastItem = lastItem
            return (number, previous)
        }
        let number = Self.number(pathways.count)
        pathwayNumbers[name] = number
        pathways.append(Place(name: name, lastItem: lastItem))
        return (number, Self.none)
    }

    private mutating func template(_ name: String) -> UInt32 {
        if let known = templateNumbers[name] { return known }
        let number = Self.number(templates.count)
        templateNumbers[name] = number
        templates.append(name)
        return number
    }

    /// There is no memory for as many as do not fit.
    private static func number(_ count: Int) -> UInt32 { UInt32(clamping: count) }
}
