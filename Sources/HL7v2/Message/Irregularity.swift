/// A departure from the standard that the parser put right and that the feed's owner should hear of.
///
/// The raw value is the stable warning code that goes into events, acknowledgements and counters.
public enum Irregularity: String, Sendable, Hashable, CaseIterable {
    /// Segments do not all end in a lone CR (HL7 v2.5 §2.5.2): LF or CRLF were found.
    case terminators = "terminators"
    /// MSH-2 has the escape character doubled (`^~\\&`), fewer than four characters or more than five.
    case delimiters = "delimiters"
    /// MSH-18 announces another character set than the bytes show.
    case charsetMismatch = "charset-mismatch"
}
