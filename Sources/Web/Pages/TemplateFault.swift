/// A template that cannot be used: found when the server starts, since Mustache itself never complains.
struct TemplateFault: Error, Hashable, CustomStringConvertible {
    let template: String
    let problem: String

    var description: String { "template \(template): \(problem)" }
}
