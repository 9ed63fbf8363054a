import HL7v2
import Intake
import Pathways
import Testing

/// Health-domain §A.7: where a discharged patient goes, by every combination of codes that it names.
struct DischargeRoutingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var mode = ""
        var destination = ""
        var disposition = ""
        var facility = ""
        var deceased = ""
        let leadsTo: DischargeDestination
        var warned = false

        var testDescription: String { "ZFM-2 \(mode), ZFM-4 \(destination), PV1-36 \(disposition), PV1-37 \(facility), PID-30 \(deceased)" }
    }

    static let home: [Row] = [
        Row(leadsTo: .home), Row(disposition: "3", leadsTo: .home), Row(mode: "8", leadsTo: .home), Row(mode: "8", disposition: "3", leadsTo: .home),
        Row(mode: "8", destination: "8", leadsTo: .home), Row(mode: "7", destination: "8", leadsTo: .home),
        Row(disposition: "2", leadsTo: .home), Row(disposition: "6", leadsTo: .home),
    ]

    static let institutions: [Row] = [
        Row(mode: "7", destination: "2", leadsTo: .smr), Row(mode: "8", destination: "2", leadsTo: .smr),
        Row(mode: "6", destination: "2", leadsTo: .smr),
        Row(mode: "7", destination: "6", leadsTo: .had), Row(mode: "8", destination: "6", leadsTo: .had),
        Row(mode: "7", destination: "7", leadsTo: .ehpad), Row(mode: "8", destination: "7", leadsTo: .ehpad), Row(destination: "7", leadsTo: .ehpad),
        Row(mode: "7", destination: "1", leadsTo: .transfer), Row(mode: "7", destination: "3", leadsTo: .transfer),
        Row(mode: "7", destination: "4", leadsTo: .transfer), Row(mode: "7", leadsTo: .transfer), Row(mode: "6", leadsTo: .transfer),
        Row(mode: "0", leadsTo: .transfer), Row(facility: "440099992", leadsTo: .transfer), Row(mode: "7", facility: "440099992", leadsTo: .transfer),
        Row(mode: "8", facility: "440099992", leadsTo: .unknown), Row(mode: "7", destination: "7", facility: "440099992", leadsTo: .ehpad),
        Row(mode: "8", destination: "7", disposition: "4", leadsTo: .ehpad),
    ]

    static let departures: [Row] = [
        Row(mode: "4", leadsTo: .againstAdvice), Row(disposition: "4", leadsTo: .againstAdvice), Row(disposition: "F", leadsTo: .againstAdvice),
        Row(mode: "8", disposition: "4", leadsTo: .againstAdvice), Row(mode: "8", disposition: "F", leadsTo: .againstAdvice),
        Row(disposition: "E", leadsTo: .againstAdvice), Row(disposition: "A", leadsTo: .transfer), Row(disposition: "P", leadsTo: .transfer),
        Row(mode: "8", disposition: "P", leadsTo: .transfer), Row(disposition: "B", leadsTo: .transfer),
    ]

    static let deaths: [Row] = [
        Row(mode: "9", leadsTo: .death), Row(deceased: "Y", leadsTo: .death), Row(mode: "8", deceased: "Y", leadsTo: .death),
        Row(mode: "7", destination: "2", deceased: "Y", leadsTo: .death), Row(mode: "9", destination: "7", disposition: "4", leadsTo: .death),
    ]

    static let outsideTables: [Row] = [
        Row(mode: "5", leadsTo: .unknown, warned: true), Row(mode: "X", leadsTo: .unknown, warned: true),
        Row(mode: "8", destination: "5", leadsTo: .unknown, warned: true), Row(mode: "7", destination: "R", leadsTo: .unknown, warned: true),
        Row(disposition: "DOM", leadsTo: .unknown, warned: true), Row(mode: "8", disposition: "DOM", leadsTo: .unknown, warned: true),
        Row(mode: "8", facility: "MAISON", leadsTo: .unknown, warned: true),
        Row(mode: "7", destination: "2", disposition: "X", leadsTo: .smr, warned: true),
        Row(mode: "9", disposition: "X", leadsTo: .death, warned: true), Row(mode: "4", disposition: "X", leadsTo: .againstAdvice, warned: true),
    ]

    @Test(arguments: home + institutions + departures + deaths + outsideTables)
    func routes(_ row: Row) async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        var message = ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2")
        message = message.with([("PV1-36", row.disposition), ("PV1-37", row.facility), ("PID-30", row.deceased)])
        if !row.mode.isEmpty || !row.destination.isEmpty { message = message.with([("ZFM-2", row.mode), ("ZFM-4", row.destination)]) }
        let answer = try await station.send(message)
        #expect(answer.outcome == .accepted)
        #expect(answer.warnings == (row.warned ? ["code-outside-table"] : []))
        let mode = try station.last(PatientDischarged.self).mode
        #expect(mode.destination == row.leadsTo)
        #expect(mode.exitMode ?? "" == row.mode)
        #expect(mode.exitDestination ?? "" == row.destination)
        #expect(mode.disposition ?? "" == row.disposition)
        #expect(mode.receivingFacility ?? "" == row.facility)
    }

    @Test func `the site's own exit mode is kept as it is`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        let answer = try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2").with("ZFV-9", "SORTIE 12"))
        #expect(answer.acknowledgement.errors.isEmpty)
        #expect(try station.last(PatientDischarged.self).mode == DischargeMode(destination: .home, siteExitMode: "SORTIE 12"))
    }

    @Test func `an outside code says where it stands`() async throws {
        let station = try await Station()
        _ = try await station.send(ADTMessage("A01"))
        _ = try await station.send(ADTMessage("A03", movement: "2", at: "20261109103000", control: "C2").with("PV1-36", "DOM"))
        #expect(try station.last(MessageReceived.self).warnings == [IntakeWarning(.codeOutsideTable, at: "PV1-36")])
    }
}
