import EventStore
import NotificationChannels
import Pathways
import Timekeeping

extension RecipientAttendant {
    /// - Returns: what is kept of it after an attempt, nil if there was none; and whether somebody else sees to them now.
    func attempt(
        _ message: OutboxMessage,
        via channel: ChannelAddress,
        _ course: DeliveryCourse,
        _ visit: inout RecipientVisit
    ) async throws -> (kept: Delivery?, isOvertaken: Bool) {
        guard channel.kind != .inapp, let carrier = book[channel.kind] else {
            // Their list holds it: nothing is to be carried anywhere.
            let now = surroundings.time.now()
            let begun = course.beginning(message.delivery, at: now, chance: surroundings.random())
            var announced = message
            announced.delivery = begun
            try await share.announce(announced)
            let listed = course.after(.handedOver(receipt: nil), begun, on: .inapp, at: now, chance: 0)
            let kept = try outbox.save(listed, of: message.id)
            figures.attempted(on: .inapp)
            figures.handedOver(by: .inapp, latency: now.milliseconds(since: visit.recordedAt(message)))
            return (kept, false)
        }
        let lane = Lane(of: message)
        let destination = Destination(channel)
        let now = surroundings.time.now()
        switch gate.enter(destination, isUrgent: lane == .urgent, at: now) {
        case .postponed(let until, let isDown):
            if isDown {
                let waiting = course.postponed(message.delivery, on: channel.kind, at: now)
                if waiting != message.delivery { try outbox.save(waiting, of: message.id) }
                guard case .waiting = waiting.state else { return (nil, false) }
                let limit = course.limit(of: waiting)
                visit.postponed[lane] = .init(until: limit.map { min($0, until) } ?? until, destination: destination)
            } else {
                visit.postponed[lane] = .init(until: until, destination: destination)
            }
            return (nil, false)
        case .free(let pass):
            var outcome = DeliveryOutcome.later(reason: "cancelled", after: nil)
            defer { call(gate.leave(pass, after: outcome, at: surroundings.time.now())) }
            var rendered: RenderedMessage?
            let isParked = try await parking(message) { rendered = try renderer.render(message, for: channel.kind) }
            if isParked { return (nil, false) }
            guard let rendered else {
                try outbox.end(message.items.map(\.key), as: .erased)
                try outbox.save(Delivery(.cancelled(.erased)), of: message.id)
                await share.close(message)
                return (nil, false)
            }
            let begun = course.beginning(message.delivery, at: now, chance: surroundings.random())
            var announced = message
            announced.delivery = begun
            try await share.announce(announced)
            // Something of it may have ended since it was looked at; from here on nothing leaves it any more.
            guard case .waiting? = try outbox.save(begun, of: message.id)?.state else {
                await share.close(message)
                return (nil, false)
            }
            figures.attempted(on: channel.kind)
            if lane == .routine { crew.takeOff(message.recipient) }
            outcome = await carry(rendered, by: carrier, to: channel.address ?? message.recipient)
            let isOvertaken = lane == .routine && crew.land(message.recipient)
            return (try keep(outcome, of: message, begun, on: channel.kind, course, visit), isOvertaken)
        }
    }

    private func keep(
        _ outcome: DeliveryOutcome,
        of message: OutboxMessage,
        _ begun: Delivery,
        on kind: ChannelKind,
        _ course: DeliveryCourse,
        _ visit: RecipientVisit
    ) throws -> Delivery? {
        let now = surroundings.time.now()
        switch outcome {
        case .later("cancelled", _): return nil
        case .later(let reason, _), .never(let reason): figures.failed(reason)
        case .handedOver: figures.handedOver(by: kind, latency: now.milliseconds(since: visit.recordedAt(message)))
        }
        let ended = course.after(
            outcome,
            begun,
            on: kind,
            at: now,
            chance: surroundings.random(),
            mayHaveBeenOut: message.delivery.mayBeOut
        )
        return try outbox.save(ended, of: message.id)
    }

    /// An attempt that has begun when all is to end gets a few seconds to come to its own end.
    private func carry(_ message: RenderedMessage, by channel: any NotificationChannel, to address: String) async -> DeliveryOutcome {
        let flight = Task { await channel.deliver(message, to: address) }
        let sleep = surroundings.sleep
        return await withTaskCancellationHandler {
            await flight.value
        } onCancel: {
            Task {
                try? await sleep(5_000)
                flight.cancel()
            }
        }
    }
}
