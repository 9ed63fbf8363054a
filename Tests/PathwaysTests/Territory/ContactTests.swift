import Pathways
import Testing

@Suite("A territory says where its professionals are told things")
struct ContactTests {
    @Test func addressesAreFictional() throws {
        let territory = try Shipped.territory.get()
        let contacts = territory.professionals.flatMap(\.contacts.channels)
        #expect(contacts.count > 100 && Set(contacts.map(\.kind)) == [.mssante, .email, .sms, .webhook])
        #expect(territory.professionals.contains { $0.contacts == .none }, "some are reached by nothing but their own list")
        for contact in contacts {
            let address = try #require(contact.address)
            switch contact.kind {
            case .sms: #expect(address.hasPrefix("+3363998"))
            case .webhook: #expect(address.hasPrefix("https://") && address.contains(".example/"))
            default: #expect(address.hasSuffix(".example") || address.hasSuffix(".test"))
            }
        }
        #expect(Set(contacts.compactMap(\.address)).count == contacts.count)
    }

    /// What was published before there were contacts is read as it was, and says what it said.
    @Test func anOlderFileIsReadAsBefore() throws {
        let text = try #require(Shipped.text(of: "demo-territory.yaml"))
        let older = text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
            if line.hasPrefix("quietHours:") || line.hasPrefix("holidays:") || line.hasPrefix("mssanteDomains:") { return nil }
            guard line.hasPrefix("     contacts: {") else { return String(line) }
            return line.hasSuffix("}}") ? "     communes: []}" : nil
        }
        let territory = try TerritoryFile.parse(yaml: older.joined(separator: "\n"), file: "older")
        let today = try Shipped.territory.get()
        #expect(territory.holidays == .french && territory.mssanteDomains.isEmpty && territory.quietHours == nil)
        #expect(territory.professionals.map(\.rpps) == today.professionals.map(\.rpps))
        #expect(territory.professionals.allSatisfy { $0.contacts == .none })
        #expect(territory != today && territory.hospitals == today.hospitals)
    }

    @Test func secureMailGoesToItsDomainsAlone() throws {
        let territory = try Shipped.territory.get()
        #expect(territory.allowsSecureMail(to: "a@mssante.example") && territory.allowsSecureMail(to: "a@Chu.MSSante.example"))
        #expect(!territory.allowsSecureMail(to: "a@notmssante.example") && !territory.allowsSecureMail(to: "a@mssante.example.test"))
        #expect(!territory.allowsSecureMail(to: "nowhere"))
    }

    @Test(arguments: [
        ("holidays: french", "holidays: none", "~ territory: holidays french → none"),
        ("mssanteDomains: [mssante.example]", "mssanteDomains: [mssante.example, b.example]", "domains of secure mail mssante.example → b.example"),
        ("mobile: \"0639980000\"", "mobile: \"+33639980099\"", "contacts email camille.moreau@cpts.example, sms +33639980000 → email"),
    ])
    func tellsWhatChanges(old: String, new: String, line: String) throws {
        let difference = TerritoryDifference(from: try Shipped.territory.get(), to: try TerritoryDifferenceTests.changed(old, new))
        #expect(difference.lines.count == 1 && difference.description.contains(line), "\(difference)")
    }
}
