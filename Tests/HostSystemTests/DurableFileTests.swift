import Foundation
import TestSupport
import Testing

@testable import HostSystem

@Suite("A file that is whole or not there at all")
struct DurableFileTests {
    private let folder = TemporaryFolder()
    private var place: URL { folder.url.appending(path: "paper.jpg") }
    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.url.path) }

    @Test("its place shows the old bytes until the commit, then the new ones; nobody else can read them")
    func commit() throws {
        try Data("old".utf8).write(to: place)
        var file = try DurableFile(place)
        try file.write([UInt8]("new ".utf8))
        try file.write(Data("bytes".utf8))
        #expect(try Data(contentsOf: place) == Data("old".utf8))
        try file.commit()
        #expect(try Data(contentsOf: place) == Data("new bytes".utf8))
        #expect(try names() == ["paper.jpg"])
        let mode = try FileManager.default.attributesOfItem(atPath: place.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("one that is not committed leaves nothing, also when a library wrote it by its path")
    func abandoned() throws {
        do {
            let file = try DurableFile(place)
            try Data("half".utf8).write(to: file.unfinished)
            #expect(try names() == [file.unfinished.lastPathComponent])
        }
        #expect(try names().isEmpty)
    }

    @Test("a name that is known only at the end")
    func named() throws {
        var file = try DurableFile(place)
        try file.write(Data("x".utf8))
        try file.commit(as: folder.url.appending(path: "other.jpg"))
        #expect(try names() == ["other.jpg"])
    }

    @Test("what a killed process left is told by its name; nothing else is")
    func unfinished() throws {
        #expect(DurableFile.isUnfinished(DurableFile.unfinished(place).lastPathComponent))
        for name in ["paper.jpg", ".paper.jpg", "paper.part", ".lock"] { #expect(!DurableFile.isUnfinished(name)) }
    }

    @Test("two writers of one place do not disturb each other: the last one that commits stays")
    func twoWriters() throws {
        var first = try DurableFile(place)
        var second = try DurableFile(place)
        try first.write(Data("first".utf8))
        try second.write(Data("second".utf8))
        try second.commit()
        try first.commit()
        #expect(try Data(contentsOf: place) == Data("first".utf8))
        #expect(try names() == ["paper.jpg"])
    }

    @Test("a full disk is told as one and leaves nothing", .enabled(if: TinyDisk.isPossible))
    func fullDisk() throws {
        let disk = try TinyDisk(kilobytes: 64)
        let place = disk.url.appending(path: "paper.jpg")
        let fault = #expect(throws: FileFault.self) { try DurableFile.write(Data(count: 100_000), to: place) }
        #expect(fault?.isDiskFull == true && fault?.action == "write")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.url.path).isEmpty)
        let file = try DurableFile(place)
        let (small, large) = (file.hasRoom(forBytes: 4096), file.hasRoom(forBytes: 100_000))
        #expect(small && !large)
    }

    @Test("a folder that is not there, and a place that is a folder, are named with the system's reason")
    func faults() throws {
        let nowhere = folder.url.appending(path: "nowhere/paper.jpg")
        #expect(throws: FileFault(ENOENT, "make", nowhere)) { try DurableFile.write(Data(), to: nowhere) }
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        #expect(throws: FileFault(EISDIR, "rename", place)) { try DurableFile.write(Data(), to: place) }
        #expect(try names() == ["paper.jpg"])
    }
}
