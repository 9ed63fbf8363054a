import HL7v2
import Pathways

extension Message {
    /// The message with what a person put right.
    /// - Throws: `Rejection` `malformed-correction`, with the place and what is wrong with the correction.
    func corrected(by corrections: [MessageCorrection]) throws(Rejection) -> Message {
        guard !corrections.isEmpty else { return self }
        var editor = MessageEditor(self)
        for correction in corrections {
            guard let location = correction.place else { throw Self.refused(correction, MessageEditError.noSuchPlace) }
            do {
                try editor.write(correction.value, at: location)
            } catch {
                throw Self.refused(correction, error)
            }
        }
        do {
            return try editor.message()
        } catch {
            throw Rejection(.malformedCorrection, "with these corrections the header cannot be read any more")
        }
    }

    private static func refused(_ correction: MessageCorrection, _ error: MessageEditError) -> Rejection {
        Rejection(.malformedCorrection, "\(correction.location.prefix(40)): \(error)")
    }
}

extension MessageCorrection {
    /// `PID-3(2).1` is written `PID-3[2].1` too. Nil if it names no field.
    var place: Location? {
        let path = location.replacing("(", with: "[").replacing(")", with: "]")
        return Location(path: path).flatMap { $0.field == nil ? nil : $0 }
    }
}
