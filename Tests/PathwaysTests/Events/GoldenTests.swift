import Foundation
import Pathways
import Testing
import Timekeeping

/// One file per event type ever released, in `Golden/`: written once, never changed. What was released must be read for ever, and the
/// encoder must not drift from what was released. That the files satisfy `schemas/events/` is checked by `ops/checks/events.py`.
@Suite("Released events stay readable and unchanged")
struct GoldenTests {
    @Test(arguments: Samples.all.map(\.name))
    func encoderAndFileAgree(name: String) throws {
        let sample = try #require(Samples.all.first { $0.name == name })
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"), "no golden file \(name).json")
        let golden = Array(try Data(contentsOf: url))
        #expect(String(decoding: sample.body.payload + [0x0A], as: UTF8.self) == String(decoding: golden, as: UTF8.self))
        let read = try #require(try DomainEvent(type: type(of: sample.body).type, payload: golden))
        #expect(read == sample.event)
    }

    /// Files of types that are written no more, too.
    @Test func everyReleasedTypeIsRead() throws {
        let folder = Bundle.module.bundleURL.appending(path: "Golden")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count == Samples.all.count + Upcasters.released.sources.count)
        for url in files {
            let name = url.deletingPathExtension().lastPathComponent
            let event = try DomainEvent(type: "fr.relais.\(name)", payload: Array(try Data(contentsOf: url)))
            #expect(event != nil, "\(name) is read no more")
        }
    }

    @Test func everyTypeHasASample() {
        #expect(Set(Samples.all.map { type(of: $0.body).type }) == Set(DomainEvent.types))
    }

    @Test func everyMemberOfEverySampleIsRequiredOrOptionalByDesign() throws {
        // Removing any member of a body either is refused by name, or gives another event: nothing is read and then forgotten.
        for sample in Samples.all {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(sample.body.payload)) as? [String: Any])
            for member in object.keys {
                let smaller = object.filter { $0.key != member }
                let payload = Array(try JSONSerialization.data(withJSONObject: smaller))
                let read = try? DomainEvent(type: type(of: sample.body).type, payload: payload)
                #expect(read != sample.event, "\(sample.name).\(member)")
            }
        }
    }

    @Test func anUnknownTypeIsNotAnError() throws {
        #expect(try DomainEvent(type: "fr.relais.pathway.of-tomorrow.v1", payload: Array("{}".utf8)) == nil)
    }
}
