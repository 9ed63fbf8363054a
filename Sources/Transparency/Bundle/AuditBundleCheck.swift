import EventStore
import Foundation

/// Checks an audit bundle.
struct AuditBundleCheck {
    private let folder: URL
    private let key: VerifierKey
    private var report = AuditBundleReport()

    init(folder: String, key: VerifierKey) {
        self.folder = URL(fileURLWithPath: folder, isDirectory: true)
        self.key = key
    }

    mutating func run() -> AuditBundleReport {
        guard let files = listedFiles() else { return report }
        if files["key.vkey"] != Array("\(key)\n".utf8) { add("key.vkey", "not the key that is trusted") }
        checkCheckpoint(files["checkpoint"])
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) where path.hasPrefix("events/") { checkEvent(path, bytes) }
        return report
    }

    /// The files of the manifest whose hashes are right; nil if there is no manifest to go by.
    private mutating func listedFiles() -> [String: [UInt8]]? {
        guard let bytes = read(AuditBundle.manifest) else {
            add(AuditBundle.manifest, "missing")
            return nil
        }
        let lines: [Substring]
        do {
            let note = try SignedNote(bytes: bytes)
            try note.verified(by: [key])
            lines = note.text.split(separator: "\n")
        } catch {
            add(AuditBundle.manifest, (error as? TransparencyError)?.message ?? "cannot be read")
            return nil
        }
        guard lines.count >= 2, lines[0] == "\(key.name)/bundle", lines[1] == AuditBundle.format else {
            add(AuditBundle.manifest, "not of a bundle of this log and format")
            return nil
        }
        var files: [String: [UInt8]] = [:]
        var listed: Set<String> = [AuditBundle.manifest]
        for line in lines.dropFirst(2) {
            let path = String(line.dropFirst(66))
            listed.insert(path)
            guard let bytes = read(path) else {
                add(path, "missing")
                continue
            }
            if Hash256.of(bytes).hex == line.prefix(64) { files[path] = bytes } else { add(path, "not the file that was signed") }
        }
        for path in presentFiles().subtracting(listed).sorted() { add(path, "not in the manifest") }
        return files
    }

    private func presentFiles() -> Set<String> {
        let all = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return Set(
            all.filter { path in
                let attributes = try? FileManager.default.attributesOfItem(atPath: folder.appendingPathComponent(path).path)
                return attributes?[.type] as? FileAttributeType != .typeDirectory
            }
        )
    }

    private mutating func checkCheckpoint(_ bytes: [UInt8]?) {
        // A missing or changed file is reported already.
        guard let bytes else { return }
        do {
            report.checkpoint = try Checkpoint(SignedNote(bytes: bytes), trusting: [key])
        } catch {
            add("checkpoint", (error as? TransparencyError)?.message ?? "cannot be read")
        }
    }

    private mutating func checkEvent(_ path: String, _ bytes: [UInt8]) {
        report.eventCount += 1
        guard let checkpoint = report.checkpoint else { return }
        do {
            switch try BundledEvent(json: bytes).check(in: checkpoint.tree) {
            case .proven: report.provenTexts += 1
            case .stated: report.statedTexts += 1
            case .erased: report.erasedTexts += 1
            }
        } catch {
            add(path, (error as? TransparencyError)?.message ?? "cannot be read")
        }
    }

    private func read(_ path: String) -> [UInt8]? {
        (try? Data(contentsOf: folder.appendingPathComponent(path))).map { Array($0) }
    }

    private mutating func add(_ file: String, _ detail: String) {
        report.problems.append(AuditBundleReport.Problem(file: file, detail: detail))
    }
}
