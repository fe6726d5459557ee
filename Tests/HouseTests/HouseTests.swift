import Foundation
import Testing

/// The floors of the house, from the bottom up. `Central` stands beside `Service`: the kiosk sees only `CentralProtocol`,
/// and both stand on the ground.
private let floors = ["CLibraries", "Ground", "Devices", "Service", "Interfaces", "Programs"]

@Suite("the house: imports run downwards only")
struct HouseTests {
    @Test("no target depends on a floor above its own")
    func dependenciesRunDownwards() throws {
        let manifest = try Manifest.read()
        let room = Dictionary(uniqueKeysWithValues: manifest.targets.map { ($0.name, $0) })
        #expect(manifest.targets.count > 30)
        for target in manifest.targets where target.floor != nil {
            for name in target.dependencyNames {
                guard let dependency = room[name] else { continue }
                #expect(
                    Self.mayUse(target, dependency),
                    "\(target.name) (\(target.floor ?? "?")) must not use \(name) (\(dependency.floor ?? "?"))")
            }
        }
    }

    @Test("what a file imports of ours, its target declares")
    func importsAreDeclared() throws {
        let manifest = try Manifest.read()
        let names = Set(manifest.targets.map(\.name))
        for target in manifest.targets where target.floor != nil && target.floor != "CLibraries" {
            let declared = Set(target.dependencyNames)
            for (file, imports) in try importsOfSources(in: repository.appending(path: target.path ?? "")) {
                let undeclared = imports.intersection(names).subtracting(declared).subtracting([target.name])
                #expect(
                    undeclared.isEmpty, "\(file) imports \(undeclared.sorted()), which \(target.name) does not declare")
            }
        }
    }

    @Test("Service knows no USB, and Devices know no citizen's journey")
    func floorsKeepTheirSecrets() throws {
        let manifest = try Manifest.read()
        for target in manifest.targets where target.floor == "Service" {
            let leaks = Set(target.dependencyNames).intersection([
                "USB", "SmartCard", "TicketPrinter", "BarcodeReader", "DocumentScanner", "DeviceManager", "Simulator",
            ])
            #expect(leaks.isEmpty, "\(target.name) uses \(leaks.sorted()) directly, not by the Peripherals protocols")
        }
        for program in ["kioskd", "kioskctl", "kiosk-central", "kiosk-scan"] {
            let target = try #require(manifest.targets.first { $0.name == program })
            #expect(!target.dependencyNames.contains("Simulator"), "\(program) must not be able to be a simulator")
        }
    }

    private static func mayUse(_ target: Manifest.Target, _ dependency: Manifest.Target) -> Bool {
        guard let from = target.floor, let to = dependency.floor else { return true }
        if to == "Central" {
            return dependency.name == "CentralProtocol" || from == "Central" || target.name == "kiosk-central"
        }
        if from == "Central" { return to == "CLibraries" || to == "Ground" }
        guard let upper = floors.firstIndex(of: from), let lower = floors.firstIndex(of: to) else { return false }
        return lower <= upper
    }
}

/// The package's root, found from this file.
private let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// What `swift package dump-package` says.
private struct Manifest: Decodable {
    var targets: [Target]

    struct Target: Decodable {
        var name: String
        var path: String?
        var dependencies: [Dependency]

        /// `Devices` for `Sources/Devices/USB`; nil for tests.
        var floor: String? {
            guard let parts = path?.split(separator: "/"), parts.count == 3, parts[0] == "Sources" else { return nil }
            return String(parts[1])
        }
        var dependencyNames: [String] { dependencies.compactMap(\.name) }
    }

    /// `{"byName": [name, condition]}`, `{"target": [name, condition]}` or `{"product": [name, package, …]}`.
    struct Dependency: Decodable {
        var name: String?
        init(from decoder: any Decoder) throws {
            let values = try decoder.singleValueContainer().decode([String: [AnyName]].self)
            name = values.values.first?.first?.value
        }
    }

    struct AnyName: Decodable {
        var value: String?
        init(from decoder: any Decoder) throws {
            value = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    static func read() throws -> Manifest {
        // A scratch folder of its own: the running test holds the lock of the usual one.
        let scratch = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", repository.path, "--scratch-path", scratch.path, "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Manifest.self, from: data)
    }
}

private func importsOfSources(in folder: URL) throws -> [(file: String, imports: Set<String>)] {
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    var result: [(String, Set<String>)] = []
    for case let file as URL in files where file.pathExtension == "swift" {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let imports = lines.filter { $0.contains("import ") && !$0.hasPrefix(" ") && !$0.hasPrefix("//") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        result.append((file.lastPathComponent, Set(imports)))
    }
    return result
}
