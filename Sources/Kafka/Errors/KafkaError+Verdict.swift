internal import CRdKafka

extension KafkaError {
    /// What one of librdkafka's codes means to us, and what to do about it.
    struct Verdict {
        let code: Code
        let isRetriable: Bool
        let advice: String

        private init(_ code: Code, retriable: Bool = false, _ advice: String) {
            self.code = code
            self.isRetriable = retriable
            self.advice = advice
        }

        init(_ native: rd_kafka_resp_err_t) {
            self =
                Self.ofTransport(native) ?? Self.ofRights(native) ?? Self.ofTransaction(native) ?? Self.ofGroup(native)
                ?? Self.ofContent(native) ?? Verdict(.other, "See Kafka's documentation of this code.")
        }

        private static func ofTransport(_ native: rd_kafka_resp_err_t) -> Verdict? {
            switch native {
            case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
                RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
                Verdict(.timedOut, retriable: true, "Check that the brokers can be reached and are not overloaded, then repeat.")
            case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
                RD_KAFKA_RESP_ERR__NODE_UPDATE, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
                RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
                RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_LISTENER_NOT_FOUND,
                RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR__IN_PROGRESS:
                Verdict(.brokerUnavailable, retriable: true, "Check bootstrap.servers, network and brokers; it goes on by itself once they are back.")
            case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
                Verdict(.notEnoughReplicas, retriable: true, "Bring the missing brokers back, or lower min.insync.replicas.")
            case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
                RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
                Verdict(.coordinatorUnavailable, retriable: true, "Repeat in a moment.")
            case RD_KAFKA_RESP_ERR__DESTROY: Verdict(.closed, "Make a new client.")
            default: nil
            }
        }

        private static func ofRights(_ native: rd_kafka_resp_err_t) -> Verdict? {
            switch native {
            case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
                RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
                Verdict(.authentication, "Check security.protocol, certificates, sasl.mechanism and credentials.")
            case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                RD_KAFKA_RESP_ERR_SECURITY_DISABLED, RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
                Verdict(.authorization, "Have the right granted in Kafka's ACLs.")
            default: nil
            }
        }

        private static func ofTransaction(_ native: rd_kafka_resp_err_t) -> Verdict? {
            switch native {
            case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
                RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED:
                Verdict(.fenced, "Another has taken over under the same id: stop, and find out which of the two is to go on.")
            case RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__CONFLICT, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS,
                RD_KAFKA_RESP_ERR_INVALID_TXN_STATE, RD_KAFKA_RESP_ERR__NOT_CONFIGURED:
                Verdict(.transactionState, "Make the calls in their order: init, begin, send, commit or abort; each to its end.")
            // Not yet fenced: the broker may have forgotten us. Only when it is fatal has another taken over.
            case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE,
                RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
                RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING:
                Verdict(.outOfOrder, "Make a new producer and send again what was not acknowledged.")
            case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
                Verdict(.givenUp, "Send it again when it is still wanted.")
            default: nil
            }
        }

        private static func ofGroup(_ native: rd_kafka_resp_err_t) -> Verdict? {
            switch native {
            case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
                RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR_MEMBER_ID_REQUIRED:
                Verdict(.notAMember, "The group shares out anew; what was not committed will be read again, perhaps by another.")
            case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
                Verdict(.rebalancing, retriable: true, "Repeat once the partitions are shared out, unless they were given up.")
            case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR__NO_OFFSET,
                RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
                Verdict(.offsetOutOfRange, "Messages may be gone (retention): seek to an offset that exists once you know what is missing.")
            default: nil
            }
        }

        private static func ofContent(_ native: rd_kafka_resp_err_t) -> Verdict? {
            switch native {
            case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
                Verdict(.unknownTopic, "Create the topic, or correct its name or the partition's number.")
            case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: Verdict(.topicExists, "Use it as it is, or choose another name.")
            case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
                Verdict(.recordTooLarge, "Raise message.max.bytes here and max.message.bytes of the topic, or send less at once.")
            case RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
                RD_KAFKA_RESP_ERR__BAD_MSG:
                Verdict(.invalidRecord, "A compacted topic needs keys; else see the broker's log.")
            case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
                RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT:
                Verdict(.unsupported, "Use a broker that can, or do it with the broker's own tools.")
            case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR_INVALID_REQUEST, RD_KAFKA_RESP_ERR_INVALID_CONFIG,
                RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
                RD_KAFKA_RESP_ERR_INVALID_GROUP_ID, RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT:
                Verdict(.invalidRequest, "Correct the call.")
            default: nil
            }
        }
    }
}
