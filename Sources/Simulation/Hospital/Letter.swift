/// A message on its way.
struct Letter {
    let controlID: String
    let bytes: [UInt8]
    /// Index of the person it is about.
    let person: Int
    /// Index of the visit, unless it is about the person alone.
    let visit: Int?
    /// The answer that came first, as bytes: every repetition must get the same.
    var answer: [UInt8]?
    /// Whether the hospital has an answer.
    var isAcknowledged = false
    var tries = 0
}
