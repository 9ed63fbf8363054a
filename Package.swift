// swift-tools-version: 6.2
import PackageDescription

// Every target of ours is held to the same rules: Swift 6 concurrency, no warning left standing.
let house: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

let package = Package(
    name: "relais",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "relais", targets: ["relais"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
    ],
    targets: [
        .target(name: "Timekeeping", exclude: ["README.md"], swiftSettings: house),
        .target(name: "FrenchText", dependencies: ["Timekeeping"], exclude: ["README.md"], swiftSettings: house),
        .target(
            name: "EventStore",
            dependencies: [
                "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Transparency",
            dependencies: [
                "EventStore", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["README.md"],
            resources: [.embedInCode("Resources")],
            swiftSettings: house
        ),
        .target(
            name: "Backup",
            dependencies: [.product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto")],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Pathways",
            dependencies: ["Timekeeping", .product(name: "Yams", package: "Yams")],
            exclude: ["README.md"],
            resources: [.embedInCode("Resources")],
            swiftSettings: house
        ),
        .target(
            name: "Sealing",
            dependencies: [
                "EventStore", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Coordination",
            dependencies: ["EventStore", "Pathways", "Sealing", "Timekeeping", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "HL7v2",
            dependencies: [
                "Timekeeping",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Intake",
            dependencies: ["Coordination", "EventStore", "HL7v2", "Pathways", "Timekeeping", .product(name: "Logging", package: "swift-log")],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Projections",
            dependencies: ["EventStore", "Pathways", "Timekeeping", .product(name: "GRDBSQLite", package: "GRDB.swift")],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Debian: librdkafka-dev. The shims are what Swift cannot call: rd_kafka_producev is variadic.
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .target(
            name: "Kafka",
            dependencies: [
                "CRdKafka",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Streaming",
            dependencies: [
                "EventStore", "Kafka", "Sealing", "Timekeeping",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Simulation",
            dependencies: [
                "Coordination", "EventStore", "HL7v2", "Intake", "Pathways", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Debian: libcurl4-openssl-dev. The shims are what Swift cannot call: curl_easy_setopt and curl_easy_getinfo are variadic.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(
            name: "NotificationChannels",
            dependencies: [
                "CCurl", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        .target(
            name: "Notifications",
            dependencies: [
                "Coordination", "EventStore", "FrenchText", "NotificationChannels", "Pathways", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["README.md"],
            resources: [.embedInCode("Resources")],
            swiftSettings: house
        ),
        .target(
            name: "Web",
            dependencies: [
                "Coordination", "EventStore", "FrenchText", "HL7v2", "Intake", "Notifications", "Pathways", "Projections", "Sealing", "Timekeeping",
                "Transparency",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            resources: [.embedInCode("Resources")],
            swiftSettings: house
        ),
        .executableTarget(
            name: "relais",
            dependencies: [
                "Backup", "Coordination", "EventStore", "HL7v2", "Intake", "Kafka", "NotificationChannels", "Notifications", "Pathways",
                "Projections",
                "Sealing", "Simulation", "Streaming", "Timekeeping", "Transparency", "Web",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["README.md"],
            swiftSettings: house
        ),
        // Appends, backs up and restores as it is told, while ops/checks make the disk fail or kill it.
        .executableTarget(name: "StoreProbe", dependencies: ["EventStore", "Timekeeping"], exclude: ["README.md"], swiftSettings: house),
        .testTarget(
            name: "TransparencyTests",
            dependencies: [
                "EventStore", "LogTesting", "TestSupport", "Timekeeping", "Transparency",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "BackupTests",
            dependencies: ["Backup", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: house
        ),
        .testTarget(
            name: "EventStoreTests",
            dependencies: [
                "EventStore", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: house
        ),
        // Seeded chance, clocks, directories, people and helper programs that all tests share.
        .target(
            name: "TestSupport",
            dependencies: [
                "Timekeeping",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: house
        ),
        // A log that refuses when it is told to: for the tests of several targets.
        .target(name: "LogTesting", dependencies: ["EventStore"], path: "Tests/LogTesting", swiftSettings: house),
        .testTarget(
            name: "SealingTests",
            dependencies: [
                "EventStore", "Sealing", "TestSupport", "Timekeeping",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "CoordinationTests",
            dependencies: [
                "Coordination", "EventStore", "LogTesting", "Pathways", "Sealing", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "IntakeTests",
            dependencies: [
                "Coordination", "EventStore", "HL7v2", "Intake", "LogTesting", "Pathways", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "ProjectionsTests",
            dependencies: [
                "EventStore", "Pathways", "Projections", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            resources: [.copy("Golden")],
            swiftSettings: house
        ),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "Coordination", "EventStore", "FrenchText", "Intake", "Notifications", "Pathways", "Projections", "Timekeeping", "Transparency",
                "Web",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["Golden"],
            swiftSettings: house
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["Coordination", "EventStore", "Pathways", "Simulation", "Timekeeping"],
            swiftSettings: house
        ),
        // librdkafka's mock cluster in a process of its own, told by lines what to break.
        .executableTarget(name: "KafkaMock", dependencies: ["CRdKafka"], path: "Tests/KafkaMock", exclude: ["README.md"], swiftSettings: house),
        // Figures of the producer and the consumer; ops/bench/kafka_producer.c is what they are measured beside.
        .executableTarget(
            name: "KafkaBench",
            dependencies: [
                "Kafka",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/KafkaBench",
            swiftSettings: house
        ),
        .testTarget(
            name: "KafkaTests",
            dependencies: [
                "Kafka", "KafkaMock", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: house
        ),
        // Figures of relay and follower, on a cluster that is there.
        .executableTarget(
            name: "StreamingBench",
            dependencies: ["EventStore", "Kafka", "Streaming", "Timekeeping", .product(name: "Logging", package: "swift-log")],
            path: "Tests/StreamingBench",
            swiftSettings: house
        ),
        .testTarget(
            name: "StreamingTests",
            dependencies: [
                "EventStore", "Kafka", "KafkaMock", "Sealing", "Streaming", "TestSupport", "Timekeeping",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "NotificationChannelsTests",
            dependencies: [
                "NotificationChannels", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Peers"],
            swiftSettings: house
        ),
        .testTarget(
            name: "NotificationsTests",
            dependencies: [
                "Coordination", "EventStore", "FrenchText", "LogTesting", "NotificationChannels", "Notifications", "Pathways", "Sealing",
                "Simulation", "TestSupport", "Timekeeping",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Golden"],
            swiftSettings: house
        ),
        .testTarget(name: "TimekeepingTests", dependencies: ["TestSupport", "Timekeeping"], swiftSettings: house),
        .testTarget(
            name: "HL7v2Tests",
            dependencies: [
                "HL7v2", "TestSupport", "Timekeeping",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: house
        ),
        .testTarget(
            name: "PathwaysTests",
            dependencies: ["Pathways", "TestSupport", "Timekeeping", .product(name: "Yams", package: "Yams")],
            resources: [.copy("Golden")],
            swiftSettings: house
        ),
    ],
    swiftLanguageModes: [.v6]
)
