public import HL7v2
import Pathways

/// Why a message cannot be used: a code of HL7 table 0357, where, and what is wrong. Never holds a value of the message.
public struct IntakeFault: Hashable, Sendable, CustomStringConvertible {
    public let code: ErrorCode
    public let location: Location
    /// What is missing or wrong, in English, for whoever runs the hospital's interface.
    public let reason: String

    public init(_ code: ErrorCode, at location: Location, _ reason: String) {
        self.code = code
        self.location = location
        self.reason = reason
    }

    /// As it is kept in the event: `101 PID-3: no identifier of type PI`.
    public var description: String { "\(code.rawValue) \(location): \(reason)" }
}

extension IntakeFault {
    /// What the domain refuses, in the words of a message.
    init(_ rejection: Rejection) {
        switch rejection.code {
        case .visitOfAnotherPatient:
            self.init(.unknownKey, at: .patientIdentifiers, "the visit in PV1-19 is known for another patient")
        case .handedOver:
            self.init(.unknownKey, at: .visitNumber, "the visit in PV1-19 goes on in another territory: send its messages there")
        case .samePatient:
            self.init(.duplicateKey, at: .priorIdentifiers, "both numbers are the same patient's")
        default:
            self.init(.duplicateKey, at: .movementIdentifier, "the movement is known with another trigger or another time")
        }
    }
}
