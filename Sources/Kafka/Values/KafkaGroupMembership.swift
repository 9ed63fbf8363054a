/// A consumer's place in its group at one moment, so that a transaction can commit offsets in its name
/// (``KafkaProducer/sendOffsets(_:as:)``) and be refused when the group has moved on.
public struct KafkaGroupMembership: Sendable {
    /// librdkafka's own encoding: of use in this process only.
    let bytes: [UInt8]
}
