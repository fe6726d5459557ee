import CardTrust
import CentralSync
import Control
import Foundation
import GRDB
import Glibc
import HallQueue
import Kiosk
import KioskConfiguration
import Peripherals
import Store

/// Looks at everything a kiosk needs, one check after the other. A check that cannot be made is a fault too.
struct DoctorRounds: Sendable {
    var devices: KioskDevices
    var queue: HallQueue
    var store: Store
    var sync: CentralSync?
    var trust: TrustFolder
    var policy: IdentityPolicy
    var dataDirectory: URL
    var runtimeDirectory: URL

    func checks() async -> [DoctorCheck] {
        var checks = await devices.reports.reports().map(Self.check)
        checks +=
            await devices.documents?.advice().map {
                DoctorCheck(name: "office-printer", ok: false, detail: $0.detail, remedy: $0.remedy)
            } ?? []
        checks.append(await checkDatabase())
        checks.append(checkDisk())
        checks.append(Self.checkMemory(runtimeDirectory))
        checks.append(await checkQueue())
        checks.append(await checkPaper())
        checks.append(Self.check(await trust.current(), policy))
        checks += await checkCentre()
        return checks
    }

    static func check(_ report: DeviceReport) -> DoctorCheck {
        let name = report.product.map { " (\($0))" } ?? ""
        return DoctorCheck(
            name: report.role.rawValue, ok: report.ready, detail: report.condition + name, remedy: report.remedy)
    }

    private func checkDatabase() async -> DoctorCheck {
        do {
            let verdict = try await store.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") ?? "" }
            return DoctorCheck(
                name: "database", ok: verdict == "ok", detail: verdict == "ok" ? "sound" : verdict,
                remedy: verdict == "ok" ? "" : "Stop kioskd, keep a copy of \(store.file.path), and call support.")
        } catch {
            return DoctorCheck(
                name: "database", ok: false, detail: "\(error)", remedy: "Check the disk: dmesg, smartctl, df.")
        }
    }

    private func checkDisk() -> DoctorCheck {
        let free: Int64
        do {
            let values = try dataDirectory.resourceValues(forKeys: [.volumeAvailableCapacityKey])
            free = Int64(values.volumeAvailableCapacity ?? 0)
        } catch {
            return DoctorCheck(
                name: "disk", ok: false, detail: "\(error)", remedy: "Check that the data directory exists.")
        }
        return Self.checkDisk(freeBytes: free)
    }

    /// A dossier needs about 2 MB; below 500 MB a busy day without a link no longer fits safely.
    static func checkDisk(freeBytes: Int64) -> DoctorCheck {
        let enough = freeBytes >= 500_000_000
        return DoctorCheck(
            name: "disk", ok: enough, detail: "\(freeBytes / 1_000_000) MB free",
            remedy: enough ? "" : "Free space on the disk of the data directory: 500 MB at least.")
    }

    /// Pages of a visit and of unfinished documents lie open there: only in memory are they gone with the power. A long
    /// visit with its pages as scanned needs about 50 MB.
    static func checkMemory(_ folder: URL) -> DoctorCheck {
        let isInMemory: Bool
        let free: Int64
        do {
            isInMemory = try fileSystem(of: folder) == "tmpfs"
            let values = try folder.resourceValues(forKeys: [.volumeAvailableCapacityKey])
            free = Int64(values.volumeAvailableCapacity ?? 0)
        } catch {
            return DoctorCheck(
                name: "memory", ok: false, detail: "\(folder.path): \(error.localizedDescription)",
                remedy: "Check that runtimeDirectory exists; the unit makes /run/kiosk.")
        }
        guard isInMemory else {
            return DoctorCheck(
                name: "memory", ok: false, detail: "\(folder.path) is on a disk: papers could be read from it later",
                remedy: "Set runtimeDirectory to a folder in memory (tmpfs), such as /run/kiosk.")
        }
        let enough = free >= 100_000_000
        return DoctorCheck(
            name: "memory", ok: enough, detail: "\(free / 1_000_000) MB free for scanned pages",
            remedy: enough ? "" : "Give the tmpfs of runtimeDirectory 100 MB more (its mount option size).")
    }

    /// The file system's type as Linux names it, for example `ext4`; see proc_pid_mountinfo(5).
    private static func fileSystem(of folder: URL) throws -> String? {
        var status = stat()
        guard stat(folder.path, &status) == 0 else { throw CocoaError(.fileNoSuchFile) }
        // makedev(3): the lower twelve bits of the major number stand above the lower eight of the minor one.
        let (major, minor) = (status.st_dev >> 8 & 0xfff, status.st_dev & 0xff | status.st_dev >> 12 & 0xfff00)
        let device = "\(major):\(minor)"
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8).split(separator: "\n")
        let mount = mounts.map { $0.split(separator: " ") }.first { $0.count > 2 && $0[2] == device }
        return mount?.drop { $0 != "-" }.dropFirst().first.map(String.init)
    }

    /// A kiosk that knows no authority still reads cards; it cannot say who made them.
    static func check(_ trust: TrustStore, _ policy: IdentityPolicy) -> DoctorCheck {
        let roots = trust.certificates.count { $0.certificate.isRoot() }
        if let problem = trust.problems.first(where: { !$0.file.isEmpty }) {
            return DoctorCheck(
                name: "trust", ok: false, detail: "\(problem.file): \(problem.reason)",
                remedy: "See kioskctl trust list; take the file away or import a good one.")
        }
        let isNeeded = policy.needs.values.contains { $0.contains(.trust) }
        return DoctorCheck(
            name: "trust", ok: roots > 0 || !isNeeded,
            detail: roots > 0
                ? "\(roots) \(roots == 1 ? "authority" : "authorities")"
                : "no authority: who signed a card is not known",
            remedy: roots > 0 || !isNeeded
                ? ""
                : "identity.require wants `trust`: import the authority's certificate with kioskctl trust import FILE.")
    }

    private func checkQueue() async -> DoctorCheck {
        do {
            let unproved = try await queue.unproved()
            return DoctorCheck(
                name: "queue", ok: unproved.isEmpty,
                detail: unproved.isEmpty
                    ? "no ticket without proof"
                    : "without proof of printing: \(unproved.map(\.label).joined(separator: ", "))",
                remedy: unproved.isEmpty
                    ? ""
                    : "Ask in the hall who holds the number: kioskctl queue confirm NUMBER, or else kioskctl queue void NUMBER."
            )
        } catch {
            return DoctorCheck(name: "queue", ok: false, detail: "\(error)", remedy: "See the check of the database.")
        }
    }

    private func checkPaper() async -> DoctorCheck {
        do {
            return Self.check(try await queue.paperLeft(), few: queue.configuration.fewTickets)
        } catch {
            return DoctorCheck(name: "paper", ok: false, detail: "\(error)", remedy: "See the check of the database.")
        }
    }

    /// The printer itself says when there is none: here it is about a roll that ends within the day.
    static func check(_ left: PaperLeft, few: Int) -> DoctorCheck {
        let isLow = left.isNearEnd || (left.tickets ?? .max) <= few
        let tickets = left.tickets.map { ", for about \($0) tickets" } ?? ""
        return DoctorCheck(
            name: "paper", ok: !isLow,
            detail: left.isOut
                ? "none: the printer is out of paper"
                : String(format: "about %.0f of %.0f m left", left.metres, left.rollMetres) + tickets,
            remedy: !isLow
                ? ""
                : left.seemsChangedAt == nil || left.isOut
                    ? "Have a new roll at hand; after changing it: kioskctl paper reset."
                    : "The roll seems to have been changed: then kioskctl paper reset.")
    }

    private func checkCentre() async -> [DoctorCheck] {
        guard let sync else {
            return [
                DoctorCheck(
                    name: "centre", ok: false, detail: "none configured",
                    remedy: "Set central in kiosk.yaml, so that dossiers can be sent.")
            ]
        }
        do {
            let status = try await sync.status(probing: true)
            let isConnected = status.link == .fine
            return [
                DoctorCheck(
                    name: "centre", ok: isConnected,
                    detail: status.problem ?? (isConnected ? "answers" : status.link.rawValue),
                    remedy: isConnected ? "" : status.remedy ?? "Check the network and central.url in kiosk.yaml."),
                DoctorCheck(
                    name: "outbox", ok: status.parked == 0,
                    detail: "\(status.pending) to send, \(status.parked) parked",
                    remedy: status.parked == 0
                        ? "" : "See kioskctl outbox list for each one's reason; then kioskctl outbox retry."),
            ]
        } catch {
            return [
                DoctorCheck(name: "centre", ok: false, detail: "\(error)", remedy: "See the check of the database.")
            ]
        }
    }
}
