import Hummingbird
import Pathways

/// How some senders depart from the rules: the profiles in force.
struct SiteProfileRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("site-profiles", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let state = try services.territory()
        let profiles = state.siteProfiles.values.sorted { $0.id < $1.id }
        return JSONAnswer.response { json in
            json.write("profiles", profiles) { json, profile in
                json.write("id", profile.id)
                json.write("version", profile.version)
                json.write("digest", state.siteProfileDigests[profile.id])
                json.write("senders", profile.senders) { json, sender in
                    json.write("application", sender.application)
                    json.write("facility", sender.facility)
                }
            }
        }
    }
}
