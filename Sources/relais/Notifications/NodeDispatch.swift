import Notifications

/// How a server tells people.
struct NodeDispatch: Sendable {
    var settings: NotificationSettings
    /// Where the links of messages lead, unless the settings say it.
    var link: String
    /// In place of the channels of the settings: for measuring.
    var channels: ChannelBook?
    var rules = DispatchRules()

    init(settings: NotificationSettings, link: String) {
        self.settings = settings
        self.link = link
    }
}
