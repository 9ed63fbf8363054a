import HL7v2
import Pathways

extension HD {
    /// Who sends, as a territory file writes it (MSH-3, MSH-4): the local name, else the universal identifier; empty when not said.
    var senderName: String { namespaceID.text ?? universalID.text ?? "" }
}

extension HL7Sender {
    init(_ header: MessageHeader) {
        self.init(application: header.sendingApplication.senderName, facility: header.sendingFacility.senderName)
    }
}
