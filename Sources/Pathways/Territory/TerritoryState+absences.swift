extension TerritoryState {
    /// Whether an absence is to be recorded.
    ///
    /// - Returns: nil if it is known already.
    /// - Throws: `Rejection` if the directory holds nobody of this RPPS, or the absence cannot be.
    public func decide(_ wanted: AbsenceDeclared) throws(Rejection) -> AbsenceDeclared? {
        guard let territory = published, let rpps = try? RPPS(wanted.rpps), let professional = territory.professional(rpps) else {
            throw Rejection(.unknownProfessional, "the directory holds no professional of this RPPS")
        }
        guard wanted.from < wanted.to else {
            throw Rejection(.invalidAbsence, "the absence ends before it begins; name the first instant back, after the first instant away")
        }
        if let replacement = wanted.replacement {
            guard replacement != wanted.rpps, let other = try? RPPS(replacement), territory.professional(other)?.role == professional.role else {
                throw Rejection(.invalidAbsence, "the replacement is not another professional with the role \(professional.role)")
            }
        }
        let isKnown = declaredAbsences.contains {
            $0.rpps == wanted.rpps && $0.from == wanted.from && $0.to == wanted.to && $0.replacement == wanted.replacement
        }
        return isKnown ? nil : wanted
    }

    /// - Returns: nil if the absence has ended by then already.
    /// - Throws: `Rejection` if no such absence was declared.
    public func decide(_ wanted: AbsenceEnded) throws(Rejection) -> AbsenceEnded? {
        guard let declared = declaredAbsences.first(where: { $0.rpps == wanted.rpps && $0.from == wanted.from }) else {
            throw Rejection(.unknownAbsence, "this professional declared no absence that begins then")
        }
        return wanted.at < declared.to ? wanted : nil
    }
}

extension Territory {
    /// The same directory, in which some are away at other times too. What names nobody says nothing.
    func absent(_ declared: [AbsenceDeclared]) -> Territory {
        let byProfessional = Dictionary(grouping: declared, by: \.rpps)
        return Territory(
            id: id,
            name: name,
            timeZone: timeZone,
            version: version,
            referent: referent,
            exclusivePostalCodes: exclusivePostalCodes,
            communes: communes,
            professionals: professionals.map { professional in
                guard let own = byProfessional[professional.rpps.value] else { return professional }
                return professional.absent(
                    also: own.map { Absence(from: $0.from, to: $0.to, replacement: $0.replacement.flatMap { try? RPPS($0) }) }
                )
            },
            teams: teams,
            hospitals: hospitals,
            quietHours: quietHours,
            holidays: holidays,
            mssanteDomains: mssanteDomains
        )
    }
}
