extension Territory {
    /// Finds the commune of an address: by its geographic code (XAD-9) if it has a valid one, else by postal code and name together.
    ///
    /// Never guesses: a postal code alone is enough only if the territory declares it exclusive and one commune has it.
    ///
    /// - Parameters:
    ///   - cog: the geographic code; blank or malformed, it is passed over.
    ///   - postalCode: five digits; spaces around are ignored.
    ///   - city: as written on envelopes, spelt as it may be (`CommuneName.normalised`).
    public func resolve(cog: String?, postalCode: String?, city: String?) -> CommuneResolution {
        if let code = cog.flatMap({ try? CommuneCode(Self.trimmed($0)) }) {
            if let commune = commune(code) { return .resolved(commune, by: .cog) }
            return .outside(code.isAbroad ? .abroad : .codeOutside)
        }
        let postalCode = postalCode.map(Self.trimmed) ?? ""
        let city = city.map(Self.trimmed) ?? ""
        let named = Set(city.isEmpty ? [] : index.communesByName[CommuneName.normalised(city)] ?? [])
        if postalCode.isEmpty { return .unresolved(city.isEmpty ? .addressMissing : .postalCodeMissing) }
        guard postalCode.utf8.count == 5, postalCode.utf8.allSatisfy(IdentifierText.isDigit) else { return .unresolved(.postalCodeMalformed) }
        guard let served = index.communesByPostalCode[postalCode] else {
            return resolveForeign(postalCode: postalCode, named: named, isCedex: CommuneName.isCedex(city))
        }
        if city.isEmpty {
            guard exclusivePostalCodes.contains(postalCode) else { return .unresolved(.cityMissing) }
            return single(served, by: .onlyCommuneOfPostalCode, else: .cityMissing)
        }
        return single(served.filter(named.contains), by: .postalCodeAndName, else: .cityUnknown)
    }

    /// Whether an address lies certainly in one of its communes.
    public func isHome(_ address: PatientAddress) -> Bool {
        if case .resolved = resolve(cog: address.cog, postalCode: address.postalCode, city: address.city) { true } else { false }
    }

    /// A postal code that is not the territory's: somewhere else, a CEDEX of one of its communes, or a slip of the pen.
    private func resolveForeign(postalCode: String, named: Set<Int>, isCedex: Bool) -> CommuneResolution {
        let near = named.filter { position in communes[position].postalCodes.contains { $0.prefix(2) == postalCode.prefix(2) } }
        if near.isEmpty { return .outside(.postalCodeOutside) }
        return isCedex ? single(Array(near), by: .cedexName, else: .ambiguous) : .unresolved(.codesDisagree)
    }

    private func single(_ positions: [Int], by basis: ResolutionBasis, else reason: ResolutionReason) -> CommuneResolution {
        guard let position = positions.first else { return .unresolved(reason) }
        return positions.count == 1 ? .resolved(communes[position], by: basis) : .unresolved(basis == .onlyCommuneOfPostalCode ? reason : .ambiguous)
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let kept = scalars.drop(while: \.properties.isWhitespace).reversed().drop(while: \.properties.isWhitespace)
        return String(String.UnicodeScalarView(kept.reversed()))
    }
}
