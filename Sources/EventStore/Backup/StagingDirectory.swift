/// Where a log is put together before it gets its name: a file that is not whole is never found under it.
struct StagingDirectory {
    static let name = "unfinished"

    private let parent: DataDirectory
    let directory: DataDirectory

    init(in parent: String) {
        self.parent = DataDirectory(path: parent)
        directory = DataDirectory(path: "\(parent)/\(Self.name)")
    }

    func create() throws {
        try directory.create()
    }

    /// Removes what an interrupted run left; nothing if there is nothing.
    func remove() throws {
        guard DurableFile.exists(directory.path) else { return }
        for name in try DurableFile.names(in: directory.path) { try DurableFile.remove("\(directory.path)/\(name)") }
        try DurableFile.removeDirectory(directory.path)
    }

    /// Gives the log, which must be synced and closed, its name.
    func publish() throws {
        try DurableFile.rename(directory.log, to: parent.log)
        try DurableFile.sync(parent.path)
        try remove()
    }
}
