/// Gathers what is wrong while a file is read, so that its author gets the whole list and not one fault a try.
package final class FileProblems {
    package let file: String
    private var problems: [FileProblem] = []

    package init(file: String) {
        self.file = file
    }

    package var isEmpty: Bool { problems.isEmpty }

    package func report(_ problem: String, write remedy: String, at place: FilePlace?, path: String) {
        guard problems.count < FileErrors.limit else { return }
        problems.append(
            FileProblem(file: file, line: place?.line ?? 1, column: place?.column ?? 1, path: path, problem: problem, remedy: remedy)
        )
    }

    /// - Throws: what was gathered, if anything.
    package func check() throws(FileErrors) {
        guard isEmpty else { throw errors }
    }

    package var errors: FileErrors {
        FileErrors(problems: problems.sorted { ($0.line, $0.column, $0.path) < ($1.line, $1.column, $1.path) })
    }
}
