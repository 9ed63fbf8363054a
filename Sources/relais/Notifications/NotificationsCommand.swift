import ArgumentParser

struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications",
        abstract: "Who was told what, when and how; what is on its way; the texts.",
        subcommands: [
            LedgerCommand.self, OutboxStatus.self, ParkedMessages.self, RetryMessage.self, PreviewTexts.self, LintTexts.self,
            WebhookSecretCommand.self,
        ],
        defaultSubcommand: LedgerCommand.self
    )
}
