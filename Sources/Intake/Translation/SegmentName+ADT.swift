import HL7v2

extension SegmentName {
    static let msh: SegmentName = "MSH"
    static let evn: SegmentName = "EVN"
    static let pid: SegmentName = "PID"
    static let rol: SegmentName = "ROL"
    static let mrg: SegmentName = "MRG"
    static let pv1: SegmentName = "PV1"
    static let pv2: SegmentName = "PV2"
    static let zbe: SegmentName = "ZBE"
    static let zfm: SegmentName = "ZFM"
    static let zfv: SegmentName = "ZFV"
    static let zfd: SegmentName = "ZFD"
}
