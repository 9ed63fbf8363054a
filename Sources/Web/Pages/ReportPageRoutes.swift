import Coordination
import EventStore
import Hummingbird
import Pathways
import Projections
import Timekeeping

/// What is reported from a follow-up of `/a-faire`: an alert sign, a prescription that is missing.
struct ReportPageRoutes {
    private let services: WebServices

    init(_ services: WebServices) { self.services = services }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("a-faire/{id}/alerte") { request, context in
            try await perform("alerte", request, context, said: .alertReported) { form, followUp, now in
                guard let sign = form["signe"].flatMap(AlertSign.init(rawValue:)) else { throw FormFault(.signMissing) }
                let called = EmergencyContact.allCases.filter { form["\(FollowUpForms.calledPrefix)\($0.rawValue)"] != nil }
                return .reportAlert(sign, at: now, followUp: followUp, called: called, note: try form.note())
            }
        }
        router.post("a-faire/{id}/ordonnance") { request, context in
            try await perform("ordonnance", request, context, said: .prescriptionReported) { form, followUp, now in
                .reportPrescriptionMissing(at: now, followUp: followUp, note: try form.note())
            }
        }
    }

    /// Only who takes part in the patient's care reports on it.
    private func perform(
        _ verb: String,
        _ request: Request,
        _ context: WebContext,
        said message: FlashMessage,
        _ read: @Sendable (FormBody, _ followUp: String, Instant) throws -> PathwayDesk.Step
    ) async throws -> Response {
        let caller = try PageCaller.of(request, services)
        let form = try await FormBody(of: request)
        let followUp = try context.parameters.require("id")
        guard let pathway = try services.timeline.pathway(ofFollowUp: followUp) else { throw Problem.unknownFollowUp }
        try services.open(pathway, to: caller, try services.territory())
        let fragment = "s-\(followUp)"
        do {
            guard let key = form.requestKey("\(verb)/\(followUp)") else { throw Problem.missingKey }
            let step = try read(form, followUp, services.time.now())
            let outcome = try await services.pathwayDesk.perform(step, on: pathway, by: caller.caller, key: key)
            let isShown = await services.awaitPosition(outcome.position, WebServices.longestWait)
            throw SeeOther(ToDoPageRoutes.path, isShown ? message : .soon, fragment: fragment)
        } catch {
            guard let fault = FormFault(error) else { throw error }
            throw SeeOther(ToDoPageRoutes.path, fault.message, fragment: fragment)
        }
    }
}
