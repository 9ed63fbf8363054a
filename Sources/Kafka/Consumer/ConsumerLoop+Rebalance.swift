internal import CRdKafka
internal import Logging

/// Rebalances: the group waits until we say that we took over, or gave up. Meanwhile the thread goes on polling, so that hooks can commit.
extension ConsumerLoop {
    func rebalance(_ event: OpaquePointer) {
        guard let list = rd_kafka_event_topic_partition_list(event) else { return }
        let offsets = TopicPartitions.offsets(in: list)
        let isAssignment = rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS
        let isLost = ((try? core.client.use { rd_kafka_assignment_lost($0) }) ?? 0) != 0
        rebalances.append(Rebalance(kind: isAssignment ? .assign : .revoke(isLost: isLost), offsets: offsets))
        if !isAssignment {
            // Nothing of them is handed out any more, even while the hook runs.
            let given = Set(offsets.map(\.place))
            core.changeBuffer { $0.forget(given) }
        }
        if rebalances.count == 1 { beginRebalance() }
    }

    private func beginRebalance() {
        guard let rebalance = rebalances.first else { return }
        let core = core
        switch rebalance.kind {
        case .assign:
            guard let hook = hooks.onAssign, !rebalance.offsets.isEmpty else { return finishRebalance(starts: []) }
            Task {
                let starts = await hook(rebalance.partitions)
                core.tell { $0.finishRebalance(starts: starts) }
            }
        case .revoke(let isLost):
            guard let hook = hooks.onRevoke, !rebalance.offsets.isEmpty else { return finishRebalance(starts: []) }
            Task {
                await hook(KafkaRevocation(partitions: rebalance.partitions, isLost: isLost))
                core.tell { $0.finishRebalance(starts: []) }
            }
        }
    }

    private func finishRebalance(starts: [KafkaOffset]) {
        guard !rebalances.isEmpty else { return }
        let rebalance = rebalances.removeFirst()
        do {
            switch rebalance.kind {
            case .assign: try takeOver(rebalance, starts)
            case .revoke(let isLost): try giveUp(rebalance, isLost)
            }
        } catch {
            core.fail(error)
        }
        beginRebalance()
    }

    private func takeOver(_ rebalance: Rebalance, _ starts: [KafkaOffset]) throws(KafkaError) {
        var byPlace: [KafkaPartition: KafkaOffset] = [:]
        for start in starts { byPlace[start.place] = start }
        let list = try TopicPartitions(rebalance.offsets.map { byPlace[$0.place] ?? $0 })
        let added = Set(rebalance.partitions)
        try core.client.use { client throws(KafkaError) in
            let action = "Assigned partitions could not be taken over"
            if isCooperative(client) {
                if let error = rd_kafka_incremental_assign(client, list.list) { throw KafkaError(taking: error, of: client, action) }
            } else {
                let result = rd_kafka_assign(client, list.list)
                guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, action) }
            }
        }
        assigned.formUnion(added)
        holdIfNeeded(added)
        observer.logger.info("Kafka partitions assigned", metadata: ["partitions": "\(rebalance.partitions)"])
        core.announce(.assigned(rebalance.partitions))
    }

    private func giveUp(_ rebalance: Rebalance, _ isLost: Bool) throws(KafkaError) {
        let list = try TopicPartitions(rebalance.offsets)
        let given = Set(rebalance.partitions)
        core.changeBuffer { $0.forget(given) }
        try core.client.use { client throws(KafkaError) in
            let action = "Partitions could not be given up"
            if isCooperative(client) {
                if let error = rd_kafka_incremental_unassign(client, list.list) { throw KafkaError(taking: error, of: client, action) }
            } else {
                let result = rd_kafka_assign(client, nil)
                guard result == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError.of(result, client: client, action) }
            }
        }
        assigned.subtract(given)
        observer.logger.info("Kafka partitions given up", metadata: ["partitions": "\(rebalance.partitions)", "lost": "\(isLost)"])
        core.announce(.revoked(KafkaRevocation(partitions: rebalance.partitions, isLost: isLost)))
    }

    private func isCooperative(_ client: OpaquePointer) -> Bool {
        String(orEmpty: rd_kafka_rebalance_protocol(client)) == "COOPERATIVE"
    }
}
