/// How a sender expects its messages to be acknowledged (HL7 v2.5 §2.9).
public enum AcknowledgementMode: Sendable, Hashable {
    /// One application acknowledgement: AA, AE or AR.
    case original
    /// A commit acknowledgement (CA, CE, CR) once the message is safe, then perhaps an application one.
    case enhanced
}
