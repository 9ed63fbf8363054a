extension ProtocolLibrary {
    func applying(to d: DischargeDestination) -> [FollowUpProtocol] { d == .home ? homeDischarge : [] }
}
