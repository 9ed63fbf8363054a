/// What a fact, or a wish, makes happen to a recipient: pure. A fact that is known already records nothing, however often it is told; facts
/// may come in any order, for a report of delivery may be slower than its reader.
extension Recipient {
    /// - Parameters:
    ///   - table: says which templates there are, and which may be muted.
    ///   - territory: says where secure mail may go.
    /// - Returns: the wish with its addresses in the one way that is kept; nil if it changes nothing.
    /// - Throws: `Rejection` if an address is none of its kind, something is written twice, or what must not be muted is.
    public func decide(_ wanted: ChannelsSet, under table: NewsTable, in territory: Territory?) throws(Rejection) -> ChannelsSet? {
        try checkIsOwn(wanted.recipient)
        var channels: [ChannelAddress] = []
        for channel in wanted.channels {
            guard !channels.contains(where: { $0.kind == channel.kind }) else {
                throw Rejection(.writtenTwice, "the channel \(channel.kind.rawValue) is written twice; name each once, the first to be tried first")
            }
            channels.append(try checked(channel, in: territory))
        }
        for (index, template) in wanted.mutedTemplates.enumerated() {
            guard table.templates.contains(template) else { throw Rejection(.unknownTemplate, "there is no template \(template)") }
            guard table.mutableTemplates.contains(template) else {
                throw Rejection(.notMutable, "\(template) may be urgent or asks for an answer; only routine news can be muted")
            }
            guard !wanted.mutedTemplates[..<index].contains(template) else { throw Rejection(.writtenTwice, "\(template) is written twice") }
        }
        let muted = wanted.mutedTemplates.sorted()
        if let known = preferences, known.channels == channels, known.quietHours == wanted.quietHours, known.mutedTemplates == muted { return nil }
        return ChannelsSet(recipient: rpps, channels: channels, quietHours: wanted.quietHours, mutedTemplates: muted, by: wanted.by)
    }

    /// - Returns: nil if that hand-over is recorded already: one for each channel and reminder.
    /// - Throws: `Rejection` if the id stands for other news, or a number makes no sense.
    public func decide(_ fact: MessageHandedOver) throws(Rejection) -> MessageHandedOver? {
        try checkIsOwn(fact.recipient)
        try check(fact.items, of: fact.message)
        guard (0...2).contains(fact.reminder) else { throw Rejection(.invalidFact, "a message is reminded of twice at most") }
        guard fact.attempts >= 1 else { throw Rejection(.invalidFact, "what was handed over took an attempt at least") }
        return marks(of: fact.message)?.wasHandedOver(to: fact.channel, reminder: fact.reminder) == true ? nil : fact
    }

    /// - Returns: nil if that channel's delivery is recorded already.
    /// - Throws: `Rejection` if the channel never took the message.
    public func decide(_ fact: MessageDelivered) throws(Rejection) -> MessageDelivered? {
        try checkIsOwn(fact.recipient)
        return try taken(fact.message, by: fact.channel).wasDelivered(by: fact.channel) ? nil : fact
    }

    /// - Returns: nil if it is recorded already that they saw it in this way.
    /// - Throws: `Rejection` if nothing is known of the message, or the channel whose link it was never took it.
    public func decide(_ fact: MessageOpened) throws(Rejection) -> MessageOpened? {
        try checkIsOwn(fact.recipient)
        guard fact.via != .link || fact.channel != nil else { throw Rejection(.invalidFact, "whose link was opened is missing: name the channel") }
        var opened = try known(fact.message)
        if let channel = fact.channel { opened = try taken(fact.message, by: channel) }
        return opened.wasOpened(via: fact.via, fact.channel) ? nil : fact
    }

    /// One that follows a delivery, or a reader even, is recorded: who looks must see both.
    ///
    /// - Returns: nil if it is recorded already that this channel gave it back.
    /// - Throws: `Rejection` if the channel never took the message, or the code is a text, which may name a patient.
    public func decide(_ fact: MessageBounced) throws(Rejection) -> MessageBounced? {
        try checkIsOwn(fact.recipient)
        if let code = fact.code {
            let isCode = (1...40).contains(code.utf8.count) && code.utf8.allSatisfy(Self.isOfCode)
            guard isCode else { throw Rejection(.invalidFact, "the code has other characters than letters, digits, dots and hyphens") }
        }
        return try taken(fact.message, by: fact.channel).bounced(from: fact.channel) ? nil : fact
    }

    /// - Returns: nil if that was said already.
    /// - Throws: `Rejection` if the id stands for other news.
    public func decide(_ fact: MessageUndeliverable) throws(Rejection) -> MessageUndeliverable? {
        try checkIsOwn(fact.recipient)
        try check(fact.items, of: fact.message)
        // Telling somebody that they cannot be told would go round for ever.
        guard fact.told != rpps else { throw Rejection(.invalidFact, "whoever cannot be reached cannot be told of it") }
        return marks(of: fact.message)?.isUndeliverable == true ? nil : fact
    }

    // MARK: - Checks

    private func checkIsOwn(_ recipient: String) throws(Rejection) {
        guard recipient == rpps else { throw Rejection(.messageReused, "this is about somebody else than the recipient whose stream it is") }
    }

    private func checked(_ channel: ChannelAddress, in territory: Territory?) throws(Rejection) -> ChannelAddress {
        guard let normalised = channel.normalised else {
            throw Rejection(.invalidAddress, "the channel \(channel.kind.rawValue) needs \(Self.expected(of: channel.kind))")
        }
        if channel.kind == .mssante, let address = normalised.address, territory?.allowsSecureMail(to: address) != true {
            throw Rejection(.invalidAddress, "this territory sends no secure mail to the domain of this address")
        }
        return normalised
    }

    private static func expected(of kind: ChannelKind) -> String {
        switch kind {
        case .mssante, .email: MailAddress.expected
        case .sms: MobileNumber.expected
        case .webhook: WebhookAddress.expected
        case .inapp, .sandbox: "no address"
        }
    }

    private func check(_ items: [ToldItem], of id: String) throws(Rejection) {
        guard !items.isEmpty else { throw Rejection(.invalidFact, "a message tells something") }
        guard let known = message(id), Set(known.items) != Set(items) else { return }
        throw Rejection(.messageReused, "the message of this id tells other news")
    }

    private func known(_ id: String) throws(Rejection) -> MessageMarks {
        guard let known = marks(of: id) else { throw Rejection(.unknownMessage, "nothing was handed over under this id") }
        return known
    }

    private func taken(_ id: String, by channel: ChannelKind) throws(Rejection) -> MessageMarks {
        let known = try known(id)
        guard known.wasHandedOver(to: channel) else { throw Rejection(.unknownMessage, "the channel \(channel.rawValue) never took this message") }
        return known
    }

    private static func isOfCode(_ byte: UInt8) -> Bool {
        IdentifierText.isDigit(byte) || IdentifierText.isUppercase(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }
}
