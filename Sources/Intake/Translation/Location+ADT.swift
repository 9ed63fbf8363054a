import HL7v2

extension Location {
    static let controlID = Location(.msh, field: 10)
    static let sendingFacility = Location(.msh, field: 4)
    static let patientIdentifiers = Location(.pid, field: 3)
    static let account = Location(.pid, field: 18)
    static let visitNumber = Location(.pv1, field: 19)
    static let movementIdentifier = Location(.zbe, field: 1)
    static let movementTime = Location(.zbe, field: 2)
    static let movementAction = Location(.zbe, field: 4)
    static let originalTrigger = Location(.zbe, field: 6)
    static let priorIdentifiers = Location(.mrg, field: 1)
}
