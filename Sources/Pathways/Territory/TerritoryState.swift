/// What a territory has published: the directory and the protocols that decisions are made under, folded from its stream.
public struct TerritoryState: Hashable, Sendable {
    /// The directory that decisions are made under: as published, with the absences declared since; nil before the first publication.
    public private(set) var territory: Territory?
    /// The directory as it was published last.
    public private(set) var published: Territory?
    /// Absences that professionals declared, in the order in which they did. A publication does not end them.
    public private(set) var declaredAbsences: [AbsenceDeclared] = []
    public private(set) var territoryDigest: String?
    public private(set) var protocols = ProtocolLibrary()
    public private(set) var protocolDigests: [String: String] = [:]
    /// How some senders depart from the rules, by id of the profile.
    public private(set) var siteProfiles: [String: SiteProfileFile] = [:]
    public private(set) var siteProfileDigests: [String: String] = [:]

    public init() {}

    /// The profile that a sender's messages are read under, and the SHA-256 of its file; nil for the strict rules. Of several that match, the
    /// one that names the sender most exactly, then the first by id.
    public func siteProfile(for sender: HL7Sender) -> (profile: SiteProfile, digest: String)? {
        var best: (file: SiteProfileFile, precision: Int)?
        for file in siteProfiles.values {
            guard let precision = file.senders.lazy.filter({ $0.matches(sender) }).map(\.precision).max() else { continue }
            if let found = best, found.precision > precision || (found.precision == precision && found.file.id < file.id) { continue }
            best = (file, precision)
        }
        return best.flatMap { found in siteProfileDigests[found.file.id].map { (found.file.profile, $0) } }
    }

    /// Events of other streams change nothing.
    ///
    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: DomainEvent) throws(FileErrors) {
        switch event {
        case .territoryPublished(let event): try evolve(with: event)
        case .protocolPublished(let event): try evolve(with: event)
        case .siteProfilePublished(let event): try evolve(with: event)
        case .absenceDeclared(let event): evolve(with: event)
        case .absenceEnded(let event): evolve(with: event)
        default: break
        }
    }

    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: TerritoryPublished) throws(FileErrors) {
        published = try TerritoryFile.parse(yaml: event.content, file: "territory \(event.digest.prefix(8))")
        territoryDigest = event.digest
        overlay()
    }

    /// Declared again with the same beginning, it says the rest anew.
    public mutating func evolve(with event: AbsenceDeclared) {
        declaredAbsences.removeAll { $0.rpps == event.rpps && $0.from == event.from }
        declaredAbsences.append(event)
        overlay()
    }

    public mutating func evolve(with event: AbsenceEnded) {
        guard let index = declaredAbsences.firstIndex(where: { $0.rpps == event.rpps && $0.from == event.from }) else { return }
        let declared = declaredAbsences[index]
        if event.at <= declared.from {
            declaredAbsences.remove(at: index)
        } else {
            declaredAbsences[index] = AbsenceDeclared(
                rpps: declared.rpps,
                from: declared.from,
                to: min(declared.to, event.at),
                replacement: declared.replacement,
                by: declared.by
            )
        }
        overlay()
    }

    private mutating func overlay() {
        territory = declaredAbsences.isEmpty ? published : published?.absent(declaredAbsences)
    }

    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: ProtocolPublished) throws(FileErrors) {
        protocols.publish(try ProtocolFile.parse(yaml: event.content, file: "protocol \(event.protocolID)"))
        protocolDigests[event.protocolID] = event.digest
    }

    /// - Throws: `FileErrors` if the log holds a file that this version cannot read.
    public mutating func evolve(with event: SiteProfilePublished) throws(FileErrors) {
        siteProfiles[event.profile] = try SiteProfileFile.parse(yaml: event.content, file: "site profile \(event.profile)")
        siteProfileDigests[event.profile] = event.digest
    }
}

extension TerritoryState {
    /// Whether a protocol is to be published. What is planned names the version that it was planned under: one number is one content.
    ///
    /// - Returns: nil if the same content is in force.
    /// - Throws: `Rejection` if its version is not above the one in force.
    public func decide(_ wanted: ProtocolPublished) throws(Rejection) -> ProtocolPublished? {
        if protocolDigests[wanted.protocolID] == wanted.digest { return nil }
        if let published = protocols[wanted.protocolID], wanted.version <= published.version {
            throw Rejection(
                .versionPublished,
                "version \(published.version) of protocol \(wanted.protocolID) is published with another content; "
                    + "this file says version \(wanted.version): raise it to \(published.version + 1) or more"
            )
        }
        return wanted
    }
}
