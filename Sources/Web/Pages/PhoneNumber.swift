/// A telephone number to read and to tap.
struct PhoneNumber: Sendable, Hashable {
    /// By pairs where it has ten digits: « 02 61 91 00 44 ».
    let text: String
    /// For `tel:`; digits and a leading + only.
    let dial: String

    init(_ number: String) {
        let digits = number.filter { $0.isASCII && $0.isNumber }
        dial = (number.first == "+" ? "+" : "") + digits
        if digits.count == 10, number.first != "+" {
            let characters = Array(digits)
            text = stride(from: 0, to: 10, by: 2).map { String(characters[$0...($0 + 1)]) }.joined(separator: "\u{A0}")
        } else {
            text = number
        }
    }
}
