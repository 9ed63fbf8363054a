import ArgumentParser
import Configuration
import SystemPackage

/// Where a server listens: from the command line, else the environment, else a file, else the defaults.
///
/// Keys:
/// - `relais.http` (string, default `127.0.0.1:8080`; environment `RELAIS_HTTP`): pages and API.
/// - `relais.mllp` (string, default `127.0.0.1:2575`; environment `RELAIS_MLLP`): HL7 messages.
struct ServeSettings {
    let http: Endpoint
    let mllp: Endpoint

    /// - Parameter file: JSON, such as `{"relais": {"http": "127.0.0.1:8080"}}`.
    /// - Throws: `Failure` naming the key or the file that cannot be read.
    static func read(http: Endpoint?, mllp: Endpoint?, file: String?) async throws -> ServeSettings {
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider()]
        if let file {
            do {
                providers.append(try await FileProvider<JSONSnapshot>(filePath: FilePath(file)))
            } catch {
                throw Failure(.usage, "\(file) cannot be read as a JSON configuration file")
            }
        }
        let reader = ConfigReader(providers: providers).scoped(to: "relais")
        return ServeSettings(
            http: try http ?? endpoint("http", reader) ?? Endpoint(host: "127.0.0.1", port: 8080),
            mllp: try mllp ?? endpoint("mllp", reader) ?? Endpoint(host: "127.0.0.1", port: 2575)
        )
    }

    private static func endpoint(_ key: ConfigKey, _ reader: ConfigReader) throws -> Endpoint? {
        guard let text = reader.string(forKey: key) else { return nil }
        guard let endpoint = Endpoint(argument: text) else { throw Failure(.usage, "relais.\(key) must be HOST:PORT") }
        return endpoint
    }
}
