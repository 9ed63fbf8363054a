/// The CloudEvents attributes that follow from an event's type.
public enum EventSchema {
    /// `datacontenttype`, once unsealed.
    public static let contentType = "application/json"

    /// `dataschema`: where the JSON Schema of a `fr.relais.…` type is published; nil for types of others.
    public static func url(forType type: String) -> String? {
        let prefix = "fr.relais."
        guard type.hasPrefix(prefix), type.utf8.count > prefix.utf8.count else { return nil }
        var url = "https://relais.example/schemas/events/"
        url += Substring(type.utf8.dropFirst(prefix.utf8.count))
        url += ".schema.json"
        return url
    }
}
