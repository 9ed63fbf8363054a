/// One setting of a topic as the broker has it.
public struct KafkaTopicSetting: Sendable, Hashable {
    public var name: String
    /// `nil` when the broker does not tell, as for what is sensitive.
    public var value: String?
    /// Not set for this topic: it follows the broker.
    public var isDefault: Bool
    public var isReadOnly: Bool

    public init(name: String, value: String?, isDefault: Bool, isReadOnly: Bool) {
        self.name = name
        self.value = value
        self.isDefault = isDefault
        self.isReadOnly = isReadOnly
    }
}
