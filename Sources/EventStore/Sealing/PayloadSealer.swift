/// Seals what is stored and opens what is read: payloads, attachments and command answers (I10).
///
/// Sealing happens in the appending caller's task, before the log gives position and version. All parts of one event
/// are sealed under one key.
public protocol PayloadSealer: Sendable {
    /// The keys under which new data is sealed, one for each request and in their order, durable before this returns
    /// (I1); nil = stored in clear.
    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?]

    /// Seals `plaintext` so that it opens only with the same `associatedData`.
    ///
    /// - Parameter keyID: what ``sealingKeys(for:)`` gave.
    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]

    /// Opens what ``seal(_:keyID:associatedData:)`` made; nil = erased, its key was destroyed.
    ///
    /// - Throws: if the bytes, the key or the associated data are not those it was sealed with.
    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]?
}

extension PayloadSealer {
    /// The payload of `event`, opened; nil = erased.
    public func payload(of event: RecordedEvent) throws -> [UInt8]? {
        try open(event.payload, keyID: event.keyID, associatedData: Self.associatedData(.payload, of: event))
    }

    /// The attachment of `event`, opened; nil = erased.
    ///
    /// - Parameter stored: what ``EventReader/attachment(of:)`` gave for the event's position.
    public func attachment(_ stored: [UInt8], of event: RecordedEvent) throws -> [UInt8]? {
        try open(stored, keyID: event.keyID, associatedData: Self.associatedData(.attachment, of: event))
    }

    private static func associatedData(_ part: AssociatedData.Part, of event: RecordedEvent) -> [UInt8] {
        AssociatedData.ofEvent(
            part,
            id: event.id,
            type: event.type,
            source: event.source,
            stream: event.stream,
            time: event.time,
            keyID: event.keyID
        )
    }
}
