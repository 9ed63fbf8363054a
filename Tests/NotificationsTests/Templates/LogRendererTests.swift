import Coordination
import EventStore
import NotificationChannels
import Notifications
import Pathways
import Testing

struct LogRendererTests {
    @Test func asecureMailNamesThePatientAndSaysWhatIsAsked() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let rendered = try #require(try story.renderer().render(story.message([story.news(offer.id)], at: offer.position), for: .mssante))
        #expect(rendered.text.contains("Guérineau Marie, née en 1948, Challans"))
        #expect(rendered.text.contains("Cardiologie, Centre hospitalier"))
        #expect(rendered.text.contains("«\u{A0}Refaire le pansement\u{A0}»"))
        #expect(rendered.text.contains("Bonjour Margaux Naud,"))
        #expect(!rendered.subject.contains("Guérineau"))
        #expect(rendered.messageID == "<\(rendered.id).mssante@relais.example>")
        #expect(rendered.link == "https://relais.example/n/\(rendered.id)?c=mssante")
    }

    /// Given a message that was rendered, when the log goes on, then a repeat has the same bytes.
    @Test(arguments: ChannelKind.allCases)
    func aRepeatHasTheSameBytesWhateverHappenedSince(_ channel: ChannelKind) async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let message = story.message([story.news(offer.id)], at: offer.position)
        let renderer = try story.renderer()
        let first = try renderer.render(message, for: channel)
        try await story.identify("Autrement")
        try await story.tell(.followUpsPlanned(FollowUpsPlanned(followUps: [story.plan(title: "Autre chose")])))
        try await story.publish(renaming: "Margaux", to: "Mathilde")
        #expect(try renderer.render(message, for: channel) == first)
        // Somebody else's memory reads the same.
        #expect(try story.renderer().render(message, for: channel) == first)
        // And what comes later is told as it is by then.
        let head = try story.log.head().position
        if channel == .mssante {
            let later = try #require(try renderer.render(story.message([story.news(offer.id)], at: head), for: channel))
            #expect(
                later.text.contains("Autrement Marie") && later.text.contains("Autre chose") && later.text.contains("Bonjour Mathilde Naud")
            )
        }
    }

    @Test func whoMayNotReadTheNameReadsTheCommuneAndTheCareAlone() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let news = story.news(offer.id, "offer-pool", named: false)
        let text = try #require(try story.renderer().render(story.message([news], at: offer.position), for: .mssante)).text
        #expect(text.contains("Patient·e, Challans") && text.contains("Refaire le pansement"))
        for secret in ["Guérineau", "Marie", "1948", "Cardiologie", "Centre hospitalier"] { #expect(!text.contains(secret)) }
    }

    /// Given news that speak of the stay or of the illness, when they go to somebody who may not read the name, then they do not.
    @Test(arguments: ["alert-sign", "discharge-notice", "admission-notice", "planned-discharge", "discharge-corrected"])
    func whoMayNotReadTheNameReadsNothingOfTheStay(_ template: String) async throws {
        let story = RecordedStory()
        _ = try await story.begin()
        let mode = DischargeMode(destination: .ehpad)
        try await story.tell(.patientDischarged(PatientDischarged(pathway: story.reference, movement: story.movement, mode: mode)))
        let body = AlertSignReported(
            report: "r1",
            at: story.now,
            by: Attribution(rpps: RecordedStory.gp),
            sign: .fall,
            followUp: "f1",
            called: []
        )
        let told = try await story.tell(.alertSignReported(body))
        let news = story.news(told.id, template, named: false)
        let text = try #require(try story.renderer().render(story.message([news], at: told.position), for: .mssante)).text
        for secret in ["chute", "EHPAD", "Cardiologie"] { #expect(!text.contains(secret)) }
        // The only moment that is told is when a sign was seen.
        #expect(text.contains("19\u{A0}nov.") == (template == "alert-sign"))
    }

    @Test(arguments: [true, false])
    func anOppositionHidesTheNameFromThenOn(_ isBefore: Bool) async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let renderer = try story.renderer()
        let first = try #require(try renderer.render(story.message([story.news(offer.id)], at: offer.position), for: .mssante))
        #expect(first.text.contains("Guérineau"))
        let opposition = OppositionRecorded(basis: .sharing, statedAt: story.now, by: Attribution(rpps: RecordedStory.gp))
        let recorded = try await story.record(opposition, in: story.patientStream)
        let position = isBefore ? recorded.position : offer.position
        let text = try #require(try renderer.render(story.message([story.news(offer.id)], at: position), for: .mssante)).text
        #expect(text.contains("Identité masquée") && !text.contains("Guérineau") && !text.contains("1948"))
    }

    @Test(arguments: ChannelKind.allCases)
    func nothingIsLeftToSayOfWhatWasErased(_ channel: ChannelKind) async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let renderer = try story.renderer()
        let message = story.message([story.news(offer.id)], at: offer.position)
        #expect(try renderer.render(message, for: channel) != nil)
        story.sealer.destroy(story.pathway)
        try await story.record(StreamErased(erasure: "e1"), in: story.pathway, isInClear: true)
        #expect(try renderer.render(message, for: channel) == nil)
        #expect(try story.renderer().render(message, for: channel) == nil)
    }

    @Test func whatIsNotErasedIsToldAllTheSame() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let other = story.streams.pathway(LocalIdentifier(authority: "850099995", value: "V0043"))
        let told = try await story.record(
            AlertSignReported(report: "r1", at: story.now, by: Attribution(rpps: RecordedStory.gp), sign: .fall, called: []),
            in: other
        )
        let items = [story.news(offer.id), story.news(told.id, "alert-sign", pathway: other.hex, asks: false)]
        story.sealer.destroy(story.pathway)
        try await story.record(StreamErased(erasure: "e1"), in: story.pathway, isInClear: true)
        let rendered = try #require(try story.renderer().render(story.message(items, at: told.position), for: .mssante))
        #expect(rendered.text.contains("Contenu effacé") && rendered.text.contains("signale un signe d’alerte (chute)"))
        #expect(!rendered.text.contains("pansement") && !rendered.text.contains("Guérineau"))
    }

    @Test func freeTextOfProfessionalsStaysInTheLog() async throws {
        let story = RecordedStory()
        _ = try await story.begin()
        let by = Attribution(rpps: RecordedStory.gp)
        let body = AlertSignReported(report: "r1", at: story.now, by: by, sign: .other, called: [], note: "Très confidentiel")
        let told = try await story.tell(.alertSignReported(body))
        let text = try #require(
            try story.renderer().render(story.message([story.news(told.id, "alert-sign")], at: told.position), for: .mssante)
        ).text
        #expect(!text.contains("confidentiel"))
    }

    /// The news does not say whose stream the event is in.
    @Test func somebodyWhoCouldNotBeReachedIsFoundByTheTime() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let recipient = try #require(StreamID(hex: String(repeating: "cd", count: 16)))
        let item = ToldItem(story.news(offer.id))
        let body = MessageUndeliverable(
            recipient: RecordedStory.gp,
            message: "m1",
            items: [item, item],
            tried: [.mssante, .sms],
            reason: .expired,
            told: RecordedStory.nurse,
            at: story.now
        )
        let told = try await story.record(body, in: recipient)
        let renderer = try story.renderer()
        let about = story.message([story.news(told.id, "message-undeliverable", asks: false)], at: told.position)
        let text = try #require(try renderer.render(about, for: .mssante)).text
        #expect(text.contains("Jules Rousseau n’a pas pu être prévenu·e (2 informations)"))
        #expect(text.contains("messagerie sécurisée, SMS") && text.contains("Guérineau"))
        let several = story.message([story.news(told.id, "message-undeliverable", pathway: .some(nil), asks: false)], at: told.position)
        #expect(try #require(try renderer.render(several, for: .mssante)).text.contains("À propos d’un message"))
        #expect(throws: RenderingError.eventMissing(id: told.id)) {
            try renderer.render(story.message([story.news(told.id, "message-undeliverable")], at: offer.position), for: .mssante)
        }
    }

    @Test func whatNoRetryRepairsIsThrown() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let renderer = try story.renderer()
        #expect(throws: RenderingError.noWords(template: "of-tomorrow")) {
            try renderer.render(story.message([story.news(offer.id, "of-tomorrow")], at: offer.position), for: .mssante)
        }
        #expect(throws: RenderingError.notAStream("elsewhere")) {
            try renderer.render(story.message([story.news(offer.id, pathway: "elsewhere")], at: offer.position), for: .email)
        }
    }

    @Test func keysTellNoCareAndAreTheSameOnEachChannel() async throws {
        let story = RecordedStory()
        let offer = try await story.begin()
        let message = story.message([story.news(offer.id)], at: offer.position)
        let keys = try ChannelKind.allCases.map { try story.renderer().render(message, for: $0)?.keys }
        #expect(Set(keys).count == 1)
        #expect(keys.first??.first?.utf8.count == 32)
        #expect(
            try story.renderer().render(story.message([story.news(offer.id, "offer-pool")], at: offer.position), for: .email)?.keys
                != keys[0]
        )
    }
}
