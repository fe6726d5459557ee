import ArgumentParser
import CardTrust
import Control
import Foundation
import KioskConfiguration

struct Trust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The authorities whose identity cards the kiosk believes.",
        discussion:
            "Works on the folder itself, with or without a running kioskd, which sees changes at the next card.",
        subcommands: [Import.self, List.self])

    /// Where the trust store is.
    struct Place: ParsableArguments {
        @Option(help: "The trust store; by default identity.trust of the settings.", completion: .directory)
        var folder: String?
        @Option(help: "The settings that name the folder.", completion: .file(extensions: ["yaml"]))
        var config = "/etc/kiosk/kiosk.yaml"
        @Flag(help: "Answer as one JSON object.")
        var json = false

        func resolved() throws -> URL {
            if let folder { return URL(filePath: folder) }
            do {
                return try KioskSettings.load(URL(filePath: config)).identity.trust
            } catch {
                throw ControlFault(
                    code: "no-settings", message: "The settings do not tell where the trust store is: \(error)",
                    remedy: "Name the folder with --folder, or the settings with --config.")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Certificates and revocation lists in the store.")
        @OptionGroup var place: Place

        func run() async throws {
            let folder = try place.resolved()
            let report = TrustReport(TrustStore(folder: folder), folder: folder, at: Date())
            if place.json {
                try Output.json(report)
            } else {
                Self.show(report)
            }
            if !report.problems.isEmpty { throw ExitCode(ExitStatus.fault) }
        }

        private static func show(_ report: TrustReport) {
            print(report.folder)
            if report.certificates.isEmpty {
                print("No certificates: no signer of a card is trusted. Fill it with kioskctl trust import FILE.")
            }
            for certificate in report.certificates {
                print("\n\(Output.bold(certificate.subject))  [\(certificate.kind.rawValue)]")
                Output.table([
                    ["  valid", "\(certificate.notBefore) to \(certificate.notAfter)"],
                    ["  key", "\(certificate.key), signed with \(certificate.algorithm)"],
                    ["  SHA-256", certificate.fingerprint],
                    ["  key id", certificate.keyID.isEmpty ? "-" : certificate.keyID],
                    ["  file", certificate.file],
                ])
                certificate.warnings.forEach { print("  ! \($0)") }
            }
            for list in report.revocationLists {
                print("\n\(Output.bold("revocation list of \(list.issuer)"))")
                Output.table([
                    ["  issued", list.issued], ["  next", list.nextUpdate ?? "-"], ["  revoked", String(list.revoked)],
                    ["  file", list.file],
                ])
                list.warnings.forEach { print("  ! \($0)") }
            }
            for problem in report.problems {
                print("\n\(Output.mark(false)) \(problem.file.isEmpty ? "" : "\(problem.file): ")\(problem.reason)")
            }
        }
    }
}

extension Trust {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes certificates, revocation lists or an ICAO master list into the store.",
            discussion: """
                FILE is a certificate or revocation list (DER or PEM, any number in one PEM file), a CSCA master list, or an \
                LDIF file of the ICAO public key directory. A master list's own signature must be valid. Compare the \
                fingerprints with those that the publisher gives: the kiosk believes what these authorities sign.
                """)
        @Argument(help: "What to import.", completion: .file()) var file: String
        @OptionGroup var place: Place
        @Flag(help: "Do not ask.") var yes = false

        /// Files of the ICAO directory with all signers and lists have some 100 MB.
        private static let sizeLimit = 256 << 20

        func run() async throws {
            let folder = try place.resolved()
            let plan = try plan(for: folder)
            if !place.json { show(plan) }
            guard !plan.new.isEmpty else { return try finish(plan, folder) }
            guard yes || (!place.json && ask(plan)) else {
                throw ControlFault(
                    code: "not-confirmed", message: "Nothing was imported.",
                    remedy: "Compare the fingerprints, then answer y, or give --yes.")
            }
            do {
                try plan.write(to: folder)
            } catch {
                throw ControlFault(
                    code: "cannot-write", message: "The import stopped: \(error).",
                    remedy: "Run it as a user who may write there; then import again, which is harmless.")
            }
            try finish(plan, folder)
        }

        private func plan(for folder: URL) throws -> TrustImport {
            let contents: TrustFile
            do throws(CardTrustError) {
                contents = try TrustFile(url: URL(filePath: file), sizeLimit: Self.sizeLimit)
            } catch {
                throw ControlFault(
                    code: "bad-file", message: "\(file) holds nothing to import: \(error).",
                    remedy: "Give a certificate, a revocation list, a CSCA master list or a PKD file in LDIF.")
            }
            let exists = FileManager.default.fileExists(atPath: folder.path)
            do throws(MasterList.Refusal) {
                return try TrustImport(contents, into: exists ? TrustStore(folder: folder) : TrustStore(), at: Date())
            } catch {
                throw ControlFault(
                    code: "not-genuine", message: "\(file) is refused: \(error).",
                    remedy: "Get the master list from its publisher again; nothing was imported.")
            }
        }

        private func show(_ plan: TrustImport) {
            if let signature = plan.listSignature {
                print("A master list, signed by \(signature.signer.subject)")
                Output.table([
                    ["  signed", signature.signedAt.map { $0.formatted(.iso8601) } ?? "without a date"],
                    ["  SHA-256", signature.signer.fingerprint], ["  authority", "\(signature.authority.subject)"],
                    ["  SHA-256", signature.authority.fingerprint],
                ])
                if !signature.isKnown {
                    print(
                        "  ! Only the list itself vouches for this authority: compare its fingerprint with the publisher's."
                    )
                }
                print("")
            }
            if !plan.items.isEmpty {
                Output.table(
                    plan.items.map { [Self.word($0.outcome), $0.kind.rawValue, "\($0.subject)", $0.fingerprint] })
            }
            for problem in plan.problems { print("! \(problem)") }
        }

        private static func word(_ outcome: TrustImport.Outcome) -> String {
            switch outcome {
            case .new: "new"
            case .known: "known"
            case .refused(let reason): "refused (\(reason))"
            }
        }

        /// Only a person at a terminal can answer.
        private func ask(_ plan: TrustImport) -> Bool {
            guard isatty(STDIN_FILENO) == 1 else { return false }
            FileHandle.standardOutput.write(Data("\nImport \(plan.new.count)? [y/N] ".utf8))
            return ["y", "yes"].contains(readLine()?.lowercased())
        }

        private func finish(_ plan: TrustImport, _ folder: URL) throws {
            let reply = Reply(plan, folder)
            if place.json {
                try Output.json(reply)
            } else {
                print(
                    "\n\(reply.imported.count) imported into \(folder.path), \(reply.known) known already, \(reply.refused.count) refused."
                )
            }
            if reply.imported.isEmpty, reply.known == 0 { throw ExitCode(ExitStatus.fault) }
        }
    }

    /// `kioskctl trust import --json`.
    struct Reply: Encodable {
        struct Entry: Encodable {
            var kind: String
            var subject: String
            var fingerprint: String
            var file: String?
            var reason: String?
        }
        var folder: String
        var signer: Entry?
        var authority: Entry?
        /// Whether the store knew the master list's authority before.
        var authorityKnown: Bool?
        var imported: [Entry]
        var known: Int
        var refused: [Entry]
        var problems: [String]

        init(_ plan: TrustImport, _ folder: URL) {
            self.folder = folder.path
            if let signature = plan.listSignature {
                signer = Entry(
                    kind: "list-signer", subject: "\(signature.signer.subject)",
                    fingerprint: signature.signer.fingerprint)
                authority = Entry(
                    kind: "csca", subject: "\(signature.authority.subject)",
                    fingerprint: signature.authority.fingerprint)
                authorityKnown = signature.isKnown
            }
            imported = plan.new.map {
                Entry(
                    kind: $0.kind.rawValue, subject: "\($0.subject)", fingerprint: $0.fingerprint, file: $0.fileName)
            }
            known = plan.items.count { $0.outcome == .known }
            refused = plan.items.compactMap { item in
                guard case .refused(let reason) = item.outcome else { return nil }
                return Entry(
                    kind: item.kind.rawValue, subject: "\(item.subject)", fingerprint: item.fingerprint, reason: reason)
            }
            problems = plan.problems
        }
    }
}
