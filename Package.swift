// swift-tools-version: 6.2
// PetStore Direct. The target graph is drawn and reasoned about in ARCHITECTURE.md; scripts/check-layers holds the
// imports against it.

import PackageDescription

/// Every Swift target of ours: explicit existentials, imports that do not leak, and no warning left standing.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Targets above the C handles may not touch an unsafe pointer at all.
let strictAndSafe: [SwiftSetting] =
  strict + [.strictMemorySafety(), .treatWarning("StrictMemorySafety", as: .error)]

let package = Package(
  name: "petstore",
  products: [.executable(name: "petstore", targets: ["petstore"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(
      url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
  ],
  targets: [
    // The C libraries, one box each. Nothing of ours is in them but names for macros.
    .systemLibrary(
      name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .systemLibrary(
      name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CArgon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CCrypt", providers: [.apt(["libcrypt-dev"])]),
    .systemLibrary(
      name: "CQRCode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CMarkdown",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    // libfcgi, with the guard that reads every byte before libfcgi does.
    .target(name: "CFastCGI", linkerSettings: [.linkedLibrary("fcgi")]),
    // Atomic counters in shared memory; crash reports.
    .target(name: "CHost"),
    .target(name: "CLexicon", exclude: ["lexicon"], cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),

    // Ground: threads and locks.
    .target(name: "Threads", swiftSettings: strict),
    // Host: what systemd and the kernel give a daemon (sd_notify, sockets, shared memory, signals).
    .target(name: "Host", dependencies: ["CHost"], swiftSettings: strict),

    // Meaning: ids, rules, problems. Pure, imports nobody.
    .target(name: "Domain", swiftSettings: strictAndSafe),

    // Handles: they know nothing of the product.
    .target(name: "HTTP", swiftSettings: strictAndSafe),
    .target(
      name: "FastCGI", dependencies: ["CFastCGI", "HTTP", "Threads"], swiftSettings: strict),
    .target(name: "Postgres", dependencies: ["CPostgres", "Threads"], swiftSettings: strict),
    .target(name: "Redis", dependencies: ["CHiredis"], swiftSettings: strict),
    .target(
      name: "Crypto", dependencies: ["COpenSSL", "CArgon2", "CCrypt", "Threads"],
      swiftSettings: strict),
    .target(name: "QRCode", dependencies: ["CQRCode"], swiftSettings: strict),
    // Markdown as GitHub reads it, through cmark-gfm.
    .target(name: "Markdown", dependencies: ["CMarkdown"], swiftSettings: strict),
    // What goes out to other servers: letters, through the operator's relay.
    .target(name: "Outbound", dependencies: ["CCurl", "Domain"], swiftSettings: strict),

    // Product.
    // The words of every letter, as text and HTML. Pure.
    .target(name: "Letters", dependencies: ["Domain"], swiftSettings: strictAndSafe),
    .target(
      name: "Schema",
      resources: [.embedInCode("Migrations"), .embedInCode("Scripts")],
      swiftSettings: [.swiftLanguageMode(.v6)]),
    .target(
      name: "Store",
      dependencies: [
        "Postgres", "Redis", "Schema", "Domain", "Crypto", "Threads", "Host",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strictAndSafe),
    .target(
      name: "Tokens", dependencies: ["Crypto", "HTTP", "Domain"], swiftSettings: strictAndSafe),
    .target(
      name: "CKnowledge", exclude: ["facts", "tables"], cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
    .target(name: "TextAnalysis", dependencies: ["CLexicon"], swiftSettings: strict),
    .target(
      name: "ContentEngine", dependencies: ["TextAnalysis", "Markdown", "CKnowledge"], swiftSettings: strictAndSafe),
    .target(
      name: "Settings",
      dependencies: [
        "Domain", "Host", .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: strictAndSafe),

    // Language models of other companies: what they are asked, what they answer, and which is asked next. No I/O of its own.
    .target(
      name: "Providers", dependencies: ["Outbound", "HTTP", "Domain", "Threads", "Host"], swiftSettings: strictAndSafe),

    // Edge: endpoints, gates, route table, the catalogue of problems.
    .target(
      name: "API",
      dependencies: [
        "HTTP", "Domain", "Store", "Crypto", "ContentEngine", "TextAnalysis", "Settings", "Host", "Postgres", "QRCode",
        "Threads", "Tokens", "Providers", "Outbound",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strictAndSafe),
    // Loops over Store that one leader runs: usage into PostgreSQL, epochs repaired.
    .target(
      name: "Watch",
      dependencies: [
        "Store", "Domain", "Settings", "Host", "Threads", "Postgres", "Crypto", "Letters", "Outbound",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strictAndSafe),

    // Backups as files: their names, how long they are kept, what they say of themselves, their form. Pure.
    .target(name: "Backup", dependencies: ["Domain", "HTTP"], swiftSettings: strictAndSafe),

    .executableTarget(
      name: "petstore",
      dependencies: [
        "API", "Backup", "FastCGI", "Watch", "Store", "Settings", "Host", "Domain", "Crypto", "Threads",
        "Schema", "HTTP", "Postgres", "Redis", "Tokens", "ContentEngine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "SystemPackage", package: "swift-system"),
      ], swiftSettings: strictAndSafe),

    // Tests, next to what they test.
    .target(
      name: "Harness", dependencies: ["Store", "Domain", "Schema", "Postgres", "Redis", "Threads"],
      path: "Tests/Harness", swiftSettings: strict),
    .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: strict),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP", "PublishedData"], swiftSettings: strict),
    .target(
      name: "PublishedData", dependencies: ["HTTP"], path: "Tests/PublishedData", swiftSettings: strict),
    .testTarget(
      name: "CryptoTests", dependencies: ["Crypto", "HTTP", "PublishedData", "Threads"],
      swiftSettings: strict),
    .testTarget(name: "QRCodeTests", dependencies: ["QRCode"], swiftSettings: strict),
    .testTarget(
      name: "TokensTests", dependencies: ["Tokens", "Crypto", "Domain", "HTTP", "PublishedData"],
      swiftSettings: strict),
    .testTarget(
      name: "PostgresTests", dependencies: ["Postgres", "Harness", "Threads"],
      swiftSettings: strict),
    .testTarget(name: "RedisTests", dependencies: ["Redis", "Harness"], swiftSettings: strict),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "Store", "Harness", "Domain", "Watch", "Crypto", "Host", "Postgres", "Redis", "Schema",
        "Settings", "Threads", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "FastCGITests", dependencies: ["FastCGI", "HTTP", "Threads", "Host"],
      swiftSettings: strict),
    .testTarget(
      name: "TextAnalysisTests", dependencies: ["TextAnalysis", "HTTP", "PublishedData"], swiftSettings: strict),
    .testTarget(name: "ContentEngineTests", dependencies: ["ContentEngine", "TextAnalysis"], swiftSettings: strict),
    .testTarget(
      name: "SettingsTests",
      dependencies: [
        "Settings", "Domain", .product(name: "Configuration", package: "swift-configuration"),
      ], swiftSettings: strict),
    .testTarget(name: "HostTests", dependencies: ["Host", "Threads"], swiftSettings: strict),
    .testTarget(name: "ThreadsTests", dependencies: ["Threads"], swiftSettings: strict),
    .testTarget(
      name: "OutboundTests", dependencies: ["Outbound", "Harness", "HTTP"], swiftSettings: strict),
    .testTarget(name: "MarkdownTests", dependencies: ["Markdown"], swiftSettings: strict),
    .testTarget(
      name: "ProvidersTests", dependencies: ["Providers", "Outbound", "HTTP", "Domain", "Threads", "Harness"],
      swiftSettings: strict),
    .testTarget(name: "BackupTests", dependencies: ["Backup", "Domain"], swiftSettings: strict),
    .testTarget(name: "LettersTests", dependencies: ["Letters"], swiftSettings: strict),
  ]
)
