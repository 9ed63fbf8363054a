internal import Yams

/// A place in a file: line and column from 1.
package struct FilePlace: Sendable, Hashable, Comparable {
    package let line: Int
    package let column: Int

    package static func < (left: FilePlace, right: FilePlace) -> Bool {
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
