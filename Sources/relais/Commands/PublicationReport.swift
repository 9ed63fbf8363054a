/// What a publication changed, for the person who published it.
enum PublicationReport {
    static func show(_ lines: [String]) {
        Console.say(lines.isEmpty ? "unchanged: the same content is in force" : lines.joined(separator: "\n"))
    }
}
