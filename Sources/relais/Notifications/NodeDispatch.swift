import Notifications

/// How a server tells people.
struct NodeDispatch: Sendable {
    enum Part: Sendable {
        /// Tells everybody, as the writer.
        case alone
        /// Keeps count of what is told; others tell it.
        case elsewhere
        /// Tells its share of the people, beside others.
        case member
    }

    var settings: NotificationSettings
    /// Where the links of messages lead, unless the settings say it.
    var link: String
    /// In place of the channels of the settings: for measuring.
    var channels: ChannelBook?
    var rules = DispatchRules()
    var part = Part.alone

    init(settings: NotificationSettings, link: String) {
        self.settings = settings
        self.link = link
    }
}
