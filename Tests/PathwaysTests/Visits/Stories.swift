import Pathways

/// Stories of health-domain §A, each with what it must end in.
enum Stories {
    struct Expectation: Sendable, CustomStringConvertible {
        let story: Story
        let status: Pathway.Status?
        var unit: String?
        var destination: DischargeDestination?
        var admittedAt: String?
        var isStay = true
        /// Number of follow-ups that are open in the end.
        var open = 0

        var description: String { story.description }
    }

    static let inTime = "2026-10-15T11:00:00+02:00"

    /// PAM France §5.3.7: the transfer to the bloc at 15:00 is taken back after the discharge.
    static let historicCancel = Story("historic cancel after discharge")
        .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD", in: .inpatient)
        .insert(.transfer, "2", "2026-10-11T07:30:00+02:00", unit: "BLOC")
        .insert(.transfer, "3", "2026-10-11T11:30:00+02:00", unit: "REA")
        .insert(.transfer, "4", "2026-10-11T15:00:00+02:00", unit: "BLOC")
        .insert(.discharge, "6", inTime, to: .home)
        .cancel(.transfer, "4")

    static let all: [Expectation] = [
        Expectation(story: historicCancel, status: .discharged, unit: "REA", destination: .home, admittedAt: "2026-10-10T18:00:00+02:00", open: 4),
        Expectation(
            story: Story("back, and away again at once")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.leave, "2", "2026-10-11T09:00:00+02:00")
                .insert(.leave, "3", "2026-10-12T09:00:00+02:00")
                .insert(.leaveReturn, "4", "2026-10-12T09:00:00+02:00"),
            status: .onLeave,
            admittedAt: "2026-10-10T18:00:00+02:00"
        ),
        Expectation(
            story: Story("discharged and admitted anew at one instant")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "MEDE")
                .insert(.admission, "2", "2026-10-12T09:00:00+02:00", unit: "REA")
                .insert(.discharge, "3", "2026-10-12T09:00:00+02:00", to: .home),
            status: .admitted,
            unit: "REA",
            admittedAt: "2026-10-12T09:00:00+02:00"
        ),
        Expectation(
            story: Story("discharged and admitted anew at one instant, and discharged at last")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.admission, "2", "2026-10-12T09:00:00+02:00")
                .insert(.discharge, "3", "2026-10-12T09:00:00+02:00", to: .smr)
                .insert(.discharge, "4", inTime, to: .home),
            status: .discharged,
            destination: .home,
            admittedAt: "2026-10-12T09:00:00+02:00",
            open: 4
        ),
        Expectation(
            story: Story("admitted twice over and discharged at one instant")
                .insert(.admission, "1", inTime)
                .insert(.admission, "2", inTime)
                .insert(.discharge, "3", inTime, to: .home),
            status: .discharged,
            destination: .home,
            admittedAt: inTime,
            open: 4
        ),
        Expectation(
            story: Story("a stay of no length")
                .insert(.discharge, "1", inTime, to: .home)
                .insert(.admission, "2", inTime),
            status: .discharged,
            destination: .home,
            admittedAt: inTime,
            open: 4
        ),
        Expectation(
            story: Story("discharged and admitted anew at one instant, the readmission taken back")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.admission, "2", inTime)
                .insert(.discharge, "3", inTime, to: .home)
                .cancel(.admission, "2"),
            status: .discharged,
            destination: .home,
            admittedAt: "2026-10-10T18:00:00+02:00",
            open: 4
        ),
        Expectation(
            story: Story("discharge taken back and stated anew")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.discharge, "2", "2026-10-14T11:00:00+02:00", to: .home)
                .cancel(.discharge, "2")
                .insert(.discharge, "3", inTime, to: .home),
            status: .discharged,
            destination: .home,
            open: 4
        ),
        Expectation(
            story: Story("admission taken back")
                .insert(.preadmission, "0", "2026-10-01T09:00:00+02:00", expecting: "2026-10-10T18:00:00+02:00")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .cancel(.admission, "1"),
            status: .preadmitted
        ),
        Expectation(
            story: Story("emergency becomes a stay")
                .insert(.emergencyVisit, "1", "2026-10-10T18:00:00+02:00", unit: "URG", in: .emergency)
                .insert(.classChange, "2", "2026-10-10T23:00:00+02:00", unit: "MEDE", in: .inpatient)
                .insert(.discharge, "3", inTime, to: .home),
            status: .discharged,
            unit: "MEDE",
            destination: .home,
            admittedAt: "2026-10-10T23:00:00+02:00",
            open: 4
        ),
        Expectation(
            story: Story("emergency did not become a stay")
                .insert(.emergencyVisit, "1", "2026-10-10T18:00:00+02:00", in: .emergency)
                .insert(.classChange, "2", "2026-10-10T23:00:00+02:00", in: .inpatient)
                .insert(.discharge, "3", inTime, to: .home)
                .cancel(.classChange, "2"),
            status: .discharged,
            destination: .home,
            admittedAt: "2026-10-10T18:00:00+02:00",
            isStay: false
        ),
        Expectation(
            story: Story("a stay turns out to be a consultation")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", in: .inpatient)
                .insert(.discharge, "3", inTime, to: .home)
                .insert(.classChange, "2", "2026-10-12T18:00:00+02:00", in: .outpatient),
            status: .discharged,
            destination: .home,
            isStay: false
        ),
        Expectation(
            story: Story("leave and return, then home")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.leave, "2", "2026-10-12T09:00:00+02:00", expecting: "2026-10-13T18:00:00+02:00")
                .insert(.leaveReturn, "3", "2026-10-13T18:00:00+02:00")
                .insert(.discharge, "4", inTime, to: .home),
            status: .discharged,
            destination: .home,
            open: 4
        ),
        Expectation(
            story: Story("on leave")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.leave, "2", "2026-10-12T09:00:00+02:00")
                .insert(.leaveReturn, "3", "2026-10-13T18:00:00+02:00")
                .cancel(.leaveReturn, "3"),
            status: .onLeave
        ),
        Expectation(
            story: Story("leave taken back")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.leave, "2", "2026-10-12T09:00:00+02:00")
                .cancel(.leave, "2"),
            status: .admitted
        ),
        Expectation(
            story: Story("the discharge is corrected twice")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.discharge, "2", "2026-10-14T11:00:00+02:00", to: .home)
                .correct(.discharge, "2", "2026-10-14T17:00:00+02:00", to: .ehpad)
                .correct(.discharge, "2", inTime, to: .home),
            status: .discharged,
            destination: .home,
            open: 4
        ),
        Expectation(
            story: Story("a correction of the admission, and one that is taken back")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD", in: .inpatient)
                .insert(.transfer, "2", "2026-10-11T18:00:00+02:00", unit: "REA")
                .correct(.transfer, "2", "2026-10-11T19:00:00+02:00", unit: "BLOC")
                .correct(.admission, "1", "2026-10-10T17:00:00+02:00", unit: "MEDE")
                .cancel(.transfer, "2"),
            status: .admitted,
            unit: "MEDE",
            admittedAt: "2026-10-10T17:00:00+02:00"
        ),
        Expectation(
            story: Story("said, corrected, said again")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD")
                .correct(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "REA")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD"),
            status: .admitted,
            unit: "CARD"
        ),
        Expectation(
            story: Story("announcements")
                .insert(.admissionAnnouncement, "0", "2026-10-01T09:00:00+02:00", expecting: "2026-10-10T18:00:00+02:00")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD")
                .insert(.transferAnnouncement, "2", "2026-10-11T18:00:00+02:00", unit: "REA")
                .insert(.dischargeAnnouncement, "3", "2026-10-12T18:00:00+02:00", expecting: inTime)
                .insert(.attendingChange, "4", "2026-10-13T18:00:00+02:00")
                .cancel(.dischargeAnnouncement, "3"),
            status: .admitted,
            unit: "CARD"
        ),
        Expectation(
            story: Story("death, taken back, home")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.discharge, "2", "2026-10-14T11:00:00+02:00", to: .death)
                .cancel(.discharge, "2")
                .insert(.discharge, "3", inTime, to: .home),
            status: .discharged,
            destination: .home,
            open: 4
        ),
        Expectation(
            story: Story("readmitted in the same visit")
                .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
                .insert(.discharge, "2", "2026-10-12T11:00:00+02:00", to: .home)
                .insert(.admission, "3", "2026-10-13T11:00:00+02:00")
                .insert(.discharge, "4", inTime, to: .home)
                .cancel(.admission, "3"),
            status: .discharged,
            destination: .home,
            open: 4
        ),
    ]
}
