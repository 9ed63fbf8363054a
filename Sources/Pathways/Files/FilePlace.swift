internal import Yams

/// A place in a file: line and column from 1.
struct FilePlace: Sendable, Hashable, Comparable {
    let line: Int
    let column: Int

    static func < (left: FilePlace, right: FilePlace) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension FilePlace {
    init(_ mark: Mark) {
        self.init(line: mark.line, column: mark.column)
    }
}

extension Node {
    var place: FilePlace? { mark.map(FilePlace.init) }
}

extension Node.Scalar {
    var place: FilePlace? { mark.map(FilePlace.init) }
}
