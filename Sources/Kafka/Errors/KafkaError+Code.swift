extension KafkaError {
    /// The kinds of error; more may be added.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case invalidConfiguration, invalidRequest, closed, cancelled
            case timedOut, brokerUnavailable, coordinatorUnavailable, notEnoughReplicas, authentication, authorization
            case unknownTopic, topicExists, recordTooLarge, givenUp, invalidRecord
            case fenced, transactionState, transactionFailed, outOfOrder
            case notAMember, rebalancing, offsetOutOfRange, unsupported, other
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        public var description: String { kind.rawValue }

        /// A setting that librdkafka does not know or accept: correct the configuration.
        public static let invalidConfiguration = Code(.invalidConfiguration)
        /// A request that contradicts itself, or one that Kafka refuses as it is.
        public static let invalidRequest = Code(.invalidRequest)
        /// The producer or the consumer was shut down: make a new one.
        public static let closed = Code(.closed)
        /// The caller was cancelled before this record was handed over: it was not sent.
        public static let cancelled = Code(.cancelled)
        /// No answer in time. A record may still have been written.
        public static let timedOut = Code(.timedOut)
        /// No broker can be reached, or the partition has no leader.
        public static let brokerUnavailable = Code(.brokerUnavailable)
        /// The coordinator of the group or of the transaction is moving, or busy with the one before.
        public static let coordinatorUnavailable = Code(.coordinatorUnavailable)
        /// Fewer copies in sync than the topic asks for.
        public static let notEnoughReplicas = Code(.notEnoughReplicas)
        /// The broker did not accept who we say we are, or TLS failed.
        public static let authentication = Code(.authentication)
        /// We may not do this: have the rights granted.
        public static let authorization = Code(.authorization)
        /// No such topic or partition.
        public static let unknownTopic = Code(.unknownTopic)
        /// The topic to create is there already.
        public static let topicExists = Code(.topicExists)
        /// Larger than the topic, or the local queue, takes.
        public static let recordTooLarge = Code(.recordTooLarge)
        /// The record was given up before it was written: its transaction was aborted, or the producer shut down.
        public static let givenUp = Code(.givenUp)
        /// The broker refuses the record as it is: damaged, or without the key that a compacted topic needs.
        public static let invalidRecord = Code(.invalidRecord)
        /// Another producer has taken over the transactional id: stop writing.
        public static let fenced = Code(.fenced)
        /// Not in a state for this call, such as a commit without a transaction.
        public static let transactionState = Code(.transactionState)
        /// The transaction failed and has to be aborted.
        public static let transactionFailed = Code(.transactionFailed)
        /// The idempotent producer cannot promise order any more: make a new one.
        public static let outOfOrder = Code(.outOfOrder)
        /// The group has moved on without us: what was read may have gone to another; commits are refused.
        public static let notAMember = Code(.notAMember)
        /// The group is sharing out anew and takes no commit meanwhile: repeat it for partitions that stay ours.
        public static let rebalancing = Code(.rebalancing)
        /// The partition does not have that offset (any more), and `auto.offset.reset` does not say where to go on.
        public static let offsetOutOfRange = Code(.offsetOutOfRange)
        /// The broker or this build of librdkafka cannot do this.
        public static let unsupported = Code(.unsupported)
        /// Anything else: see the message and ``KafkaError/nativeCode``.
        public static let other = Code(.other)
    }
}
