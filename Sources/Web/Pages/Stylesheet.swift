import EventStore

/// The one style sheet. Its address changes with its content, so it may be kept for ever.
enum Stylesheet {
    static let bytes = PackageResources.relais_css
    static let path = "/ressources/relais.css?v=\(Hash256.of(bytes).hex.prefix(12))"
}
