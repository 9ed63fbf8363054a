extension PatientIdentity {
    /// The members that a statement says something of.
    struct Members: OptionSet, Hashable, Sendable {
        let rawValue: UInt16

        static let birthName = Self(rawValue: 1 << 0)
        static let usedName = Self(rawValue: 1 << 1)
        static let givenName = Self(rawValue: 1 << 2)
        static let birthDate = Self(rawValue: 1 << 3)
        static let sex = Self(rawValue: 1 << 4)
        static let phone = Self(rawValue: 1 << 5)
        static let address = Self(rawValue: 1 << 6)
        static let deceased = Self(rawValue: 1 << 7)
        static let acceptsSMS = Self(rawValue: 1 << 8)
        /// The INS and whether the identity is qualified: every statement that is not partial says these anew.
        static let qualification = Self(rawValue: 1 << 9)
    }

    var members: Members {
        var members: Members = isPartial ? [] : .qualification
        if birthFamilyName != nil { members.insert(.birthName) }
        if usedFamilyName != nil { members.insert(.usedName) }
        if givenName != nil { members.insert(.givenName) }
        if birthDate != nil { members.insert(.birthDate) }
        if sex != nil { members.insert(.sex) }
        if phone != nil { members.insert(.phone) }
        if address != nil { members.insert(.address) }
        if deceased != nil { members.insert(.deceased) }
        if acceptsSMS != nil { members.insert(.acceptsSMS) }
        return members
    }
}
