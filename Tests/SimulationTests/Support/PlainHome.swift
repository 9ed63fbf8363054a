import Pathways

/// The protocol of every return home, as it travels with the program.
enum PlainHome {
    static var yaml: String { BundledFiles.protocols.first { $0.name == "plain-home-discharge.yaml" }?.yaml ?? "" }
}
