// swift-tools-version: 6.2
import PackageDescription

// One target a room. Imports run downwards only:
// Programs → Interfaces → Service → Devices → Ground → CLibraries; `Central` shares `CentralProtocol` and `Ground` with
// the kiosk.
// `Tests/HouseTests` reads this manifest's dump and fails when a floor imports one above it.

let swift: [SwiftSetting] = [.enableUpcomingFeature("ExistentialAny")]

/// A C library of the system, found by pkg-config. The Debian package that carries it stands in `scripts/packages`.
func library(_ name: String, _ pkgConfig: String) -> Target {
    .systemLibrary(name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig)
}

func room(
    _ floor: String, _ name: String, uses dependencies: [Target.Dependency] = [], exclude: [String] = [],
    resources: [Resource] = [], settings: [SwiftSetting] = swift
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", exclude: exclude + ["README.md"],
        resources: resources, swiftSettings: settings)
}

/// A room that goes through millions of pixels is optimised in debug builds, too: fifty times faster in tests.
let pixels: [SwiftSetting] = swift + [.unsafeFlags(["-O"], .when(configuration: .debug))]

func program(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Sources/Programs/\(name)", swiftSettings: swift)
}

/// A program that is started while somebody waits for a page: with Swift's libraries inside it starts in half the time.
func worker(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/Programs/\(name)",
        swiftSettings: swift + [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))],
        linkerSettings: [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))])
}

func tests(_ name: String, uses dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, path: "Tests/\(name)Tests",
        resources: resources, swiftSettings: swift)
}

/// What several test targets share.
func support(
    _ name: String, uses dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = swift
) -> Target {
    .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "kiosk",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // CLibraries
        // libcups has no .pc file in Debian 12: its module map names the library.
        .systemLibrary(name: "CCUPS", path: "Sources/CLibraries/CCUPS"),
        library("CLibUSB", "libusb-1.0"),
        library("CLCMS", "lcms2"),
        library("CLeptonica", "lept"),
        // The C library's own memory, of which Swift's module of it says nothing.
        .systemLibrary(name: "CMalloc", path: "Sources/CLibraries/CMalloc"),
        library("COpenJPEG", "libopenjp2"),
        library("COpenSSL", "libcrypto"),
        library("CPCSC", "libpcsclite"),
        library("CPangoCairo", "pangocairo"),
        library("CQPDF", "libqpdf"),
        library("CQREncode", "libqrencode"),
        library("CSANE", "sane-backends"),
        library("CTesseract", "tesseract"),
        library("CTurboJPEG", "libturbojpeg"),
        library("CXML2", "libxml-2.0"),
        library("CZBar", "zbar"),

        // Ground: what every floor may use, `Central` too
        room("Ground", "HostSystem"),

        // Devices
        room("Devices", "Peripherals"),
        room("Devices", "USB", uses: ["Peripherals", "CLibUSB", nio, nioPosix, logging]),
        room("Devices", "SmartCard", uses: ["USB", logging]),
        room("Devices", "PCSC", uses: ["SmartCard", "USB", "CPCSC", logging]),
        room("Devices", "CardCryptography", uses: ["COpenSSL", crypto, cryptoExtras]),
        room("Devices", "CardTrust", uses: ["CardCryptography", "HostSystem", "Peripherals", "COpenSSL", asn1, x509]),
        room("Devices", "FaceImage", uses: ["Peripherals", "CTurboJPEG", "COpenJPEG"]),
        room(
            "Devices", "IdentityCard",
            uses: [
                "CardTrust", "FaceImage", "SmartCard", "CardCryptography", "Peripherals", asn1, crypto, logging,
            ], exclude: ["Trace/README.md"]),
        room("Devices", "BarcodeReader", uses: ["USB", "Peripherals", logging]),
        room("Devices", "QRCode", uses: ["CQREncode"]),
        room("Devices", "TicketPrinter", uses: ["USB", "Peripherals", "QRCode", "CPangoCairo", logging]),
        room(
            "Devices", "OfficePrinter", uses: ["Peripherals", "QRCode", "USB", "CCUPS", "CPangoCairo", logging]),
        room("Devices", "DocumentScanner", uses: ["HostSystem", "Peripherals", subprocess, logging]),
        room(
            "Devices", "SANEScanning",
            uses: ["DocumentScanner", "HostSystem", "Peripherals", "CSANE", "CTurboJPEG", "CXML2", asyncHTTPClient]),
        room(
            "Devices", "PageImaging",
            uses: ["HostSystem", "Peripherals", "CLeptonica", "CMalloc", "CTurboJPEG", "CZBar"], settings: pixels),
        room(
            "Devices", "ArchivalDocument",
            uses: ["HostSystem", "Peripherals", "CLCMS", "CQPDF", "CTurboJPEG", "CXML2"]),
        room(
            "Devices", "TextRecognition",
            uses: ["ArchivalDocument", "HostSystem", "Peripherals", "CLeptonica", "CTesseract"]),
        room("Devices", "PageWorker", uses: ["HostSystem", "Peripherals", subprocess, logging]),
        room(
            "Devices", "DeviceManager",
            uses: [
                "USB", "SmartCard", "PCSC", "IdentityCard", "CardTrust", "BarcodeReader", "TicketPrinter",
                "DocumentScanner", "Peripherals", logging,
            ]),
        room(
            "Devices", "Simulator",
            uses: [
                "USB", "CardCryptography", "CLeptonica", "COpenJPEG", "COpenSSL", "CPangoCairo", "CQREncode",
                "CTurboJPEG", "CXML2", asn1, crypto, x509, nio, nioPosix, nioHTTP1, hummingbird, logging,
            ], exclude: ["Card", "Printer", "Rig", "Scanner", "USBIP"].map { "\($0)/README.md" }),

        // Service
        room("Service", "KioskConfiguration", uses: ["Peripherals", yams]),
        room("Service", "Procedures", uses: ["KioskConfiguration", "Peripherals"]),
        room("Service", "Forms", uses: ["CXML2", "Peripherals"]),
        room("Service", "Store", uses: [grdb, logging]),
        room("Service", "HallQueue", uses: ["Store", "Peripherals", grdb, logging]),
        room("Service", "Dossiers", uses: ["Store", "CentralProtocol", "HostSystem", grdb, crypto, logging]),
        room(
            "Service", "CentralSync",
            uses: ["Store", "Dossiers", "CentralProtocol", asyncHTTPClient, crypto, nio, nioHTTP1, logging]),
        room("Service", "Journey", uses: ["Peripherals", "Procedures", "Forms", "KioskConfiguration"]),
        room(
            "Service", "Kiosk",
            uses: [
                "Journey", "Peripherals", "Procedures", "Forms", "HallQueue", "HostSystem", "Dossiers", "Store",
                "CentralProtocol", "KioskConfiguration", "QRCode", logging,
            ]),

        // Central
        room("Central", "CentralProtocol", uses: [crypto]),
        room(
            "Central", "CentralServer",
            uses: ["CentralProtocol", "HostSystem", hummingbird, grdb, crypto, nio, serviceLifecycle, logging],
            resources: [.embedInCode("Resources/centre.css")]),

        // Interfaces
        room(
            "Interfaces", "Web", uses: ["Kiosk", "Journey", "HallQueue", hummingbird, logging],
            resources: [.copy("Resources")]),
        room("Interfaces", "Control", uses: ["Peripherals", nio, nioPosix, logging]),

        room(
            "Interfaces", "Technician",
            uses: [
                "Control", "Kiosk", "HallQueue", "CentralSync", "Store", "CardTrust", "KioskConfiguration",
                "Peripherals",
                grdb, logging,
            ]),

        room(
            "Interfaces", "KioskMaterial",
            uses: ["CentralProtocol", "Forms", "KioskConfiguration", "Procedures", "TicketPrinter"]),

        // Programs: wiring only
        program(
            "kioskd",
            uses: [
                "Kiosk", "Journey", "Forms", "Procedures", "HallQueue", "Dossiers", "Store", "CentralSync",
                "CentralProtocol", "HostSystem",
                "Web", "Control", "Technician", "DeviceManager", "BarcodeReader", "USB", "SmartCard", "PCSC",
                "IdentityCard", "CardTrust", "DocumentScanner", "OfficePrinter", "PageWorker", "Peripherals",
                "KioskConfiguration", "KioskMaterial", "TicketPrinter", argumentParser, serviceLifecycle, logging,
            ]),
        program(
            "kioskctl",
            uses: [
                "Control", "CardTrust", "IdentityCard", "KioskConfiguration", "KioskMaterial", "Peripherals",
                "TicketPrinter",
                argumentParser,
            ]),
        program("kiosk-sim", uses: ["Simulator", argumentParser, logging]),
        program(
            "kiosk-central", uses: ["CentralServer", "KioskConfiguration", argumentParser, serviceLifecycle, logging]),
        program("kiosk-scan", uses: ["SANEScanning", "DocumentScanner", "Peripherals", argumentParser]),
        worker(
            "kiosk-page", uses: ["ArchivalDocument", "PageImaging", "PageWorker", "Peripherals", argumentParser]),
        worker("kiosk-text", uses: ["TextRecognition", "PageWorker", "Peripherals"]),

        // What `scripts/bench` runs
        .executableTarget(
            name: "card-bench",
            dependencies: ["IdentityCard", "SmartCard", "CardCryptography", "Simulator", "Peripherals"],
            path: "Benchmarks/CardBench", swiftSettings: swift),
        .executableTarget(
            name: "print-latency",
            dependencies: ["TicketPrinter", "Simulator", "USB", "Peripherals", "Store", logging],
            path: "Benchmarks/PrintLatency", swiftSettings: swift),
        .executableTarget(
            name: "ticket-bench", dependencies: ["TicketPrinter", "Peripherals"], path: "Benchmarks/TicketBench",
            exclude: ["escpos_peer.py"], swiftSettings: swift),
        .executableTarget(
            name: "document-bench", dependencies: ["ArchivalDocument", "PageWorker", "Peripherals"],
            path: "Benchmarks/DocumentBench", swiftSettings: swift),
        .executableTarget(
            name: "page-bench", dependencies: ["PageImaging", "Peripherals", "CMalloc"], path: "Benchmarks/PageBench",
            swiftSettings: swift),
        .executableTarget(
            name: "scan-corpus", dependencies: ["ScanCorpus"], path: "Benchmarks/ScanCorpus", swiftSettings: swift),
        // What the fuzzer runs, and the tests with what it found
        .target(
            name: "Fuzzing",
            dependencies: [
                "IdentityCard", "CardTrust", "CardCryptography", "FaceImage", "SmartCard", "BarcodeReader",
                "PageImaging", "Peripherals",
            ],
            path: "Fuzz", exclude: ["README.md"], swiftSettings: swift),

        // Tests
        support("TestSupport"),
        support("ScanCorpus", uses: ["CPangoCairo", "CTurboJPEG", "Simulator"], settings: pixels),
        support("CUPSTestSupport", uses: ["TestSupport"]),
        support("DeviceTestSupport", uses: ["Simulator", "USB"]),
        support("CentreTestSupport", uses: ["CentralServer", serviceLifecycle, logging]),
        tests("HostSystem", uses: ["TestSupport", "kiosk-page"]),
        tests("USB", uses: ["Simulator"]),
        tests("SmartCard", uses: ["DeviceTestSupport", "Simulator", "USB"]),
        tests(
            "PCSC",
            uses: ["DeviceManager", "SmartCard", "IdentityCard", "Simulator", "USB", "Peripherals", logging]),
        tests("CardCryptography"),
        tests("CardTrust", uses: ["CardCryptography", "Peripherals", "Simulator", asn1]),
        tests("FaceImage", uses: ["Simulator", "CTurboJPEG"]),
        tests("IdentityCard", uses: ["CardTrust", "DeviceTestSupport", "Simulator", "SmartCard", "CardCryptography"]),
        tests("Fuzzing", uses: ["ScanCorpus", "Simulator", "TestSupport"]),
        tests("BarcodeReader", uses: ["DeviceTestSupport", "Simulator", "USB"]),
        tests("TicketPrinter", uses: ["CPangoCairo", "DeviceTestSupport", "Simulator", "USB"]),
        tests("OfficePrinter", uses: ["CUPSTestSupport", "TestSupport", "Peripherals", logging]),
        tests(
            "DocumentScanner", uses: ["SANEScanning", "Simulator", "Peripherals", "TestSupport", subprocess],
            resources: [.copy("Misbehaving")]),
        tests("PageImaging", uses: ["CTurboJPEG", "Peripherals", "ScanCorpus", "page-bench", subprocess]),
        tests(
            "ArchivalDocument",
            uses: [
                "CPangoCairo", "CTurboJPEG", "CXML2", "Peripherals", "Simulator", "TestSupport", "TextRecognition",
                subprocess,
            ]),
        tests("PageWorker", uses: ["Peripherals", "ScanCorpus", "TestSupport", "kiosk-page", "kiosk-text"]),
        tests("DeviceManager", uses: ["DeviceTestSupport", "Simulator", "USB"]),
        tests("Simulator", uses: ["USB"]),
        tests("KioskConfiguration", uses: ["Peripherals"]),
        tests("KioskMaterial", uses: ["KioskConfiguration", "Peripherals", "TestSupport"]),
        tests("Procedures", uses: ["Peripherals", "KioskConfiguration"]),
        tests("Forms", uses: ["Peripherals"], resources: [.copy("Fixtures")]),
        tests("Store", uses: ["TestSupport", grdb]),
        tests(
            "HallQueue",
            uses: [
                "TestSupport", "DeviceTestSupport", "Store", "Peripherals", "TicketPrinter", "Simulator", "USB", grdb,
            ]),
        tests("Dossiers", uses: ["TestSupport", "Store", "CentralProtocol", grdb, crypto]),
        tests(
            "CentralSync",
            uses: [
                "CentreTestSupport", "TestSupport", "Store", "Dossiers", "CentralServer", "CentralProtocol",
                asyncHTTPClient, crypto, nio, nioPosix,
            ]),
        tests(
            "CentralServer",
            uses: [
                "CentreTestSupport", "TestSupport", "CentralProtocol", "HostSystem", asyncHTTPClient, crypto, grdb, nio,
            ]),
        tests("Journey", uses: ["Forms", "KioskConfiguration", "Peripherals", "Procedures"]),
        tests(
            "Kiosk",
            uses: [
                "kioskd", "TestSupport", "Journey", "Simulator", "DeviceManager", "CentralServer", "Control",
                "CUPSTestSupport", "CentralProtocol", "DocumentScanner", "Dossiers", "HallQueue", "KioskConfiguration",
                "KioskMaterial", "Peripherals", "Procedures", "Store", "kioskctl", crypto, grdb, serviceLifecycle,
                subprocess, logging,
            ]),
        tests("Web", uses: ["Journey", "HallQueue", asyncHTTPClient, hummingbird, serviceLifecycle]),
        tests("Control", uses: ["Peripherals", "kioskctl", nio, nioPosix, subprocess, logging]),
        .testTarget(name: "HouseTests", path: "Tests/HouseTests", swiftSettings: swift),
    ],
    swiftLanguageModes: [.v6]
)
