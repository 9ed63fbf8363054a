extension StreamID {
    /// Lends the 16 bytes, big-endian, without an array of their own: for whoever writes millions of them.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: (high.bigEndian, low.bigEndian), body)
    }
}
