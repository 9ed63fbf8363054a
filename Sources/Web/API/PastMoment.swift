import Timekeeping

extension WebServices {
    /// When something happened that is told as seen or done. What is told of the future would stay true until then, and what really
    /// happens would be taken for a repetition.
    ///
    /// - Throws: `Problem` 422.
    func past(_ instant: Instant) throws -> Instant {
        guard instant <= time.now().adding(minutes: FormBody.clockTolerance) else {
            throw Problem.malformed(member: "at", "must not be in the future")
        }
        return instant
    }
}
