#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Says that a directory could not be made read-only here, so that a test would prove nothing.
public struct NotReadOnly: Error {}

/// Runs `body` while nothing in the directory can be written and all of it can be read; by this thread, which must not be left meanwhile. Nor may
/// `body` put work on other threads: one that is started by this one would keep the rights it had then.
///
/// - Parameter path: of a directory of the test's own, and its files.
@discardableResult
public func withReadOnlyDirectory<Value>(_ path: String, files: [String], _ body: () throws -> Value) throws -> Value {
    for file in files { chmod("\(path)/\(file)", 0o444) }
    chmod(path, 0o555)
    defer {
        chmod(path, 0o755)
        for file in files { chmod("\(path)/\(file)", 0o600) }
    }
    // Root may write whatever the mode says: this thread takes the file rights of nobody.
    let isRoot = geteuid() == 0
    if isRoot { setFileUser(65_534) }
    defer { if isRoot { setFileUser(0) } }
    guard open("\(path)/written", O_CREAT | O_WRONLY, 0o600) < 0 else {
        unlink("\(path)/written")
        throw NotReadOnly()
    }
    return try body()
}

/// setfsuid(2), which is of one thread alone, and which the C library's module leaves out.
private func setFileUser(_ user: uid_t) {
    guard let symbol = dlsym(nil, "setfsuid") else { return }
    _ = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)(user)
}
