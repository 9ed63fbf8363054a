import HL7v2
import Pathways

/// The fields for which HL7 lets a receiver say « not ours » (v2.5 §2.9.2: AR): MSH-9, MSH-12, MSH-11.
enum HeaderCheck {
    private static let versions: Set<String> = ["2.3", "2.3.1", "2.3.2", "2.4", "2.5", "2.5.1", "2.5.2", "2.6"]

    /// - Returns: nil when the message is for us.
    static func refusal(of header: MessageHeader, in environment: DeploymentEnvironment) -> IntakeFault? {
        let type = header.messageType
        if type.code != "ADT" {
            return IntakeFault(.unsupportedMessageType, at: Location(.msh, field: 9), "only ADT messages are taken here")
        }
        if type.event == nil {
            return IntakeFault(.unsupportedEvent, at: Location(.msh, field: 9), "MSH-9.2, the trigger event, is missing")
        }
        if !versions.contains(header.version ?? "") {
            return IntakeFault(.unsupportedVersion, at: Location(.msh, field: 12), "versions 2.3 to 2.6 are taken here")
        }
        if !processingIDs(in: environment).contains(header.processingID ?? "") {
            let expected = processingIDs(in: environment).joined(separator: " or ")
            return IntakeFault(
                .unsupportedProcessingID,
                at: Location(.msh, field: 11),
                "this is a \(environment.rawValue) installation: it takes \(expected)"
            )
        }
        return nil
    }

    private static func processingIDs(in environment: DeploymentEnvironment) -> [String] {
        switch environment {
        case .test: ["T", "D"]
        case .production: ["P"]
        }
    }
}
