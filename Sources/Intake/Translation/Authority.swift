import HL7v2
import Pathways

extension HD {
    /// The name under which the numbers of this authority are kept: its universal identifier, which a rename does not touch, else its
    /// namespace.
    var authority: String? { universalID.text ?? namespaceID.text }

    /// Who sends, as a territory file writes it (MSH-3, MSH-4): the local name, else the universal identifier; empty when not said.
    var senderName: String { namespaceID.text ?? universalID.text ?? "" }
}

extension HL7Sender {
    init(_ header: MessageHeader) {
        self.init(application: header.sendingApplication.senderName, facility: header.sendingFacility.senderName)
    }
}
