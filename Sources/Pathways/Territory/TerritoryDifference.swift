internal import Timekeeping

/// What a publication changes in a territory, told to whoever publishes it.
public struct TerritoryDifference: Sendable, Hashable, CustomStringConvertible {
    /// One thing that comes, goes or changes.
    public struct Line: Sendable, Hashable, CustomStringConvertible {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case added = "+"
            case removed = "-"
            case changed = "~"
        }

        public let kind: Kind
        /// In English, with identifiers and names: `professional 99999000012 Anne Martin: role nurse → midwife`.
        public let text: String

        public var description: String { "\(kind.rawValue) \(text)" }
    }

    /// General facts first, then communes, professionals, teams and hospitals; in each, by identifier.
    public let lines: [Line]

    /// Whether there is nothing to publish: the version number alone makes no difference.
    public var isEmpty: Bool { lines.isEmpty }

    /// One line a difference.
    public var description: String {
        lines.map(\.description).joined(separator: "\n")
    }

    /// - Parameter old: `nil` at the first publication: all is added.
    public init(from old: Territory?, to new: Territory) {
        var lines: [Line] = []
        if let old {
            lines += Self.facts(of: "territory", from: Self.facts(old), to: Self.facts(new))
        } else {
            lines.append(Line(kind: .added, text: "territory \(new.id) \(new.name)"))
        }
        lines += Self.things("commune", old?.communes ?? [], new.communes, key: { "\($0.code) \($0.name)" }, id: \.code.value, facts: Self.facts)
        lines += Self.things(
            "professional",
            old?.professionals ?? [],
            new.professionals,
            key: { "\($0.rpps) \($0.fullName)" },
            id: \.rpps.value,
            facts: Self.facts
        )
        lines += Self.things("team", old?.teams ?? [], new.teams, key: { "\($0.id) \($0.name)" }, id: \.id, facts: Self.facts)
        lines += Self.things(
            "hospital",
            old?.hospitals ?? [],
            new.hospitals,
            key: { "\($0.finess) \($0.name)" },
            id: \.finess.value,
            facts: Self.facts
        )
        self.lines = lines
    }

    // MARK: - Comparing

    private typealias Facts = [(name: String, value: String)]

    private static func things<Thing>(
        _ noun: String,
        _ old: [Thing],
        _ new: [Thing],
        key: (Thing) -> String,
        id: (Thing) -> String,
        facts: (Thing) -> Facts
    ) -> [Line] {
        let before = Dictionary(old.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
        let after = Dictionary(new.map { (id($0), $0) }, uniquingKeysWith: { first, _ in first })
        return Set(before.keys).union(after.keys).sorted().flatMap { identifier -> [Line] in
            switch (before[identifier], after[identifier]) {
            case (nil, let thing?): [Line(kind: .added, text: "\(noun) \(key(thing))")]
            case (let thing?, nil): [Line(kind: .removed, text: "\(noun) \(key(thing))")]
            case (let was?, let isNow?): Self.facts(of: "\(noun) \(key(isNow))", from: facts(was), to: facts(isNow))
            case (nil, nil): []
            }
        }
    }

    private static func facts(of subject: String, from old: Facts, to new: Facts) -> [Line] {
        zip(old, new).filter { $0.value != $1.value }.map { was, isNow in
            Line(kind: .changed, text: "\(subject): \(isNow.name) \(shown(was.value)) → \(shown(isNow.value))")
        }
    }

    private static func shown(_ value: String) -> String { value.isEmpty ? "none" : value }

    // MARK: - What is compared

    private static func facts(_ territory: Territory) -> Facts {
        [
            ("id", territory.id), ("name", territory.name), ("time zone", territory.timeZone),
            ("referent", list([territory.referent.rpps.value, territory.referent.name, territory.referent.phone ?? ""])),
            ("exclusive postal codes", list(territory.exclusivePostalCodes)),
            ("quiet hours", territory.quietHours.map(\.description) ?? ""), ("holidays", territory.holidays.rawValue),
            ("domains of secure mail", list(territory.mssanteDomains.sorted())),
        ]
    }

    private static func facts(_ commune: Commune) -> Facts {
        [
            ("name", commune.name), ("name variants", list(commune.nameVariants)), ("postal codes", list(commune.postalCodes)),
            ("population", String(commune.population)),
            ("position", [commune.latitude, commune.longitude].compactMap { $0.map { "\($0)" } }.joined(separator: " ")),
        ]
    }

    private static func facts(_ professional: Professional) -> Facts {
        [
            ("name", professional.fullName), ("role", professional.role.rawValue), ("phone", professional.phone ?? ""),
            ("contacts", list(professional.contacts.channels.map { "\($0.kind.rawValue) \($0.address ?? "")" })),
            ("communes", list(professional.communes.map(\.value).sorted())),
            (
                "absences",
                list(
                    professional.absences.sorted { $0.from < $1.from }.map { absence in
                        "\(absence.from.rfc3339)/\(absence.to.rfc3339)" + (absence.replacement.map { " replaced by \($0)" } ?? "")
                    }
                )
            ),
        ]
    }

    private static func facts(_ team: Team) -> Facts {
        [
            ("name", team.name), ("role", team.role.rawValue), ("members", list(team.members.map(\.value).sorted())),
            ("communes", list(team.communes.map(\.value).sorted())),
        ]
    }

    private static func facts(_ hospital: Hospital) -> Facts {
        [
            ("name", hospital.name), ("authorities", list(hospital.authorities.sorted())),
            ("senders", list(hospital.senders.map(\.description).sorted())),
            (
                "units",
                list(
                    hospital.units.sorted { $0.code < $1.code }.map { unit in
                        "\(unit.code) \(unit.name)" + (unit.contact.map { " (\($0))" } ?? "")
                            + (unit.protocols.isEmpty ? "" : " [\(unit.protocols.joined(separator: " "))]")
                    }
                )
            ),
        ]
    }

    private static func list(_ values: [String]) -> String {
        values.filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
