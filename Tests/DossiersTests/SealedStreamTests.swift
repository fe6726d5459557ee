import CentralProtocol
import Crypto
import Foundation
import Testing

@Suite("Sealed stream")
struct SealedStreamTests {
    private let key = Curve25519.KeyAgreement.PrivateKey()
    private let dossier = UUID()

    private func seal(_ plain: Data) throws -> Data {
        let keys = CentreKeys(
            sealing: key.publicKey.rawRepresentation,
            receipt: Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        var sealer = try DossierSealer(dossier: dossier, keys: keys)
        return try sealer.header + sealer.seal(plain) + sealer.finish()
    }

    private func open(_ sealed: Data, dossier: UUID? = nil, pieces: Int = 50_000) throws -> Data {
        var opener = try DossierOpener(
            header: sealed.prefix(DossierOpener.headerBytes), dossier: dossier ?? self.dossier, key: key)
        var plain = Data()
        var rest = sealed.dropFirst(DossierOpener.headerBytes)
        while !rest.isEmpty {
            plain.append(try opener.open(Data(rest.prefix(pieces))))
            rest = rest.dropFirst(pieces)
        }
        return try plain + opener.finish()
    }

    @Test("pieces of any size give the same", arguments: [1, 17, 65_552, 1_000_000])
    func pieces(_ size: Int) throws {
        let plain = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0) })
        #expect(try open(seal(plain), pieces: size) == plain)
    }

    @Test("one bit changed anywhere is found")
    func changed() throws {
        let sealed = try seal(Data(repeating: 7, count: 150_000))
        let positions =
            Array(0..<DossierOpener.headerBytes) + stride(from: 122, to: sealed.count, by: 9_973) + [sealed.count - 1]
        for position in positions {
            var altered = sealed
            altered[position] ^= 1
            #expect(throws: ProtocolError.self, "byte \(position)") { try open(altered) }
        }
    }

    @Test("chunks can't be left out, swapped, repeated, cut off or added")
    func reordered() throws {
        let sealed = try seal(Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 1000) }))
        let head = Data(sealed.prefix(122))
        let body = Data(sealed.dropFirst(122))
        let chunk = 65_536 + 16
        let chunks = stride(from: 0, to: body.count, by: chunk).map { Data(body[$0..<min($0 + chunk, body.count)]) }
        #expect(chunks.count == 4)
        let altered: [[Data]] = [
            [], Array(chunks.dropLast()), Array(chunks.dropFirst()), [chunks[1], chunks[0], chunks[2], chunks[3]],
            [chunks[0], chunks[0], chunks[1], chunks[2], chunks[3]], chunks + [chunks[3]],
            [chunks[0], chunks[1], chunks[3]], chunks + [Data([0])],
        ]
        for (index, chunks) in altered.enumerated() {
            #expect(throws: ProtocolError.self, "case \(index)") { try open(chunks.reduce(head, +)) }
        }
        for length in [0, 1, 121, 122, 130, sealed.count - 1] {
            #expect(throws: ProtocolError.self, "length \(length)") { try open(sealed.prefix(length)) }
        }
    }

    @Test("sealed for another dossier or to another key, it does not open")
    func other() throws {
        let sealed = try seal(Data("x".utf8))
        #expect(throws: ProtocolError.self) { try open(sealed, dossier: UUID()) }
        #expect(throws: ProtocolError.self) {
            try DossierOpener(
                header: sealed.prefix(DossierOpener.headerBytes), dossier: dossier,
                key: Curve25519.KeyAgreement.PrivateKey())
        }
    }

    @Test("the same content sealed twice has nothing in common")
    func fresh() throws {
        let plain = Data(repeating: 0, count: 1000)
        #expect(try seal(plain).suffix(1016) != seal(plain).suffix(1016))
    }
}

@Suite("Manifest and receipt")
struct ManifestTests {
    private func manifest() -> DossierManifest {
        DossierManifest(
            id: UUID(uuidString: "0B6C2D0E-93F5-4B52-8F5B-5A2C1E3D4F60") ?? UUID(),
            provisionalCode: "TAM-261124-7K3QXB",
            procedure: "1.001193", procedureVersion: "2026-07-01", agency: "H21.23710", kiosk: "kiosk-01",
            createdAt: Date(timeIntervalSince1970: 1_795_482_000),
            files: [
                .init(name: "a.pdf", mediaType: "application/pdf", bytes: 3, sha256: String(repeating: "ab", count: 32))
            ],
            salt: String(repeating: "0f", count: 16))
    }

    @Test("has one form as bytes")
    func canonical() throws {
        let expected =
            #"{"agency":"H21.23710","createdAtMs":1795482000000,"files":[{"bytes":3,"mediaType":"application/pdf","#
            + #""name":"a.pdf","sha256":"\#(String(repeating: "ab", count: 32))"}],"format":1,"#
            + #""id":"0B6C2D0E-93F5-4B52-8F5B-5A2C1E3D4F60","kiosk":"kiosk-01","procedure":"1.001193","#
            + #""procedureVersion":"2026-07-01","provisionalCode":"TAM-261124-7K3QXB","#
            + #""salt":"\#(String(repeating: "0f", count: 16))"}"#
        #expect(String(decoding: manifest().canonicalBytes, as: UTF8.self) == expected)
        #expect(try DossierManifest(canonical: Data(expected.utf8)) == manifest())
        #expect(throws: ProtocolError.self) { try DossierManifest(canonical: Data(expected.utf8) + Data(" ".utf8)) }
    }

    @Test("everything in it is bounded")
    func bounded() {
        let changes: [(inout DossierManifest) -> Void] = [
            { $0.format = 2 }, { $0.procedure = "" }, { $0.agency = "a b" },
            { $0.kiosk = String(repeating: "k", count: 65) },
            { $0.salt = "xyz" }, { $0.files = [] }, { $0.files += $0.files }, { $0.files[0].name = ".hidden" },
            { $0.files[0].name = "a/b" }, { $0.files[0].name = "Đơn.pdf" }, { $0.files[0].bytes = -1 },
            { $0.files[0].bytes = .max }, { $0.files[0].sha256 = "AB" },
            { $0.files[0].mediaType = "application/pdf; x=\"" },
            { $0.files = (0...Limits.files).map { .init(name: "\($0)", mediaType: "a/b", bytes: 0, sha256: "") } },
        ]
        for (index, change) in changes.enumerated() {
            var changed = manifest()
            change(&changed)
            #expect(throws: ProtocolError.self, "case \(index)") {
                try DossierManifest(canonical: changed.canonicalBytes)
            }
        }
    }

    @Test("a receipt counts only with the centre's signature and for what was sent")
    func receipt() throws {
        let key = Curve25519.Signing.PrivateKey()
        let keys = CentreKeys(
            sealing: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation,
            receipt: key.publicKey.rawRepresentation)
        let hash = String(repeating: "1", count: 64)
        let commit = DossierCommit(dossier: UUID(), manifestSHA256: hash, sealedSHA256: hash, sealedBytes: 1)
        let receipt = Receipt(
            dossier: commit.dossier, code: "H21-1", manifestSHA256: hash, sealedSHA256: hash, receivedAtMs: 5)
        let signed = try SignedReceipt(signing: receipt, with: key)
        try signed.verify(commit, keys: keys)

        var altered = signed
        altered.receipt.code = "H21-2"
        #expect(throws: ProtocolError.signatureInvalid) { try altered.verify(commit, keys: keys) }
        let foreign = try SignedReceipt(signing: receipt, with: Curve25519.Signing.PrivateKey())
        #expect(throws: ProtocolError.signatureInvalid) { try foreign.verify(commit, keys: keys) }
        var other = commit
        other.dossier = UUID()
        #expect(throws: ProtocolError.receiptForOther) { try signed.verify(other, keys: keys) }
        other = commit
        other.sealedSHA256 = String(repeating: "2", count: 64)
        #expect(throws: ProtocolError.receiptForOther) { try signed.verify(other, keys: keys) }
    }

    @Test("a provisional code is short, dated, and without letters that look like digits")
    func provisional() {
        let codes = (0..<500).map { _ in ProvisionalCode.make(dossier: UUID(), businessDate: "2026-11-24") }
        #expect(codes.allSatisfy { $0.hasPrefix("TAM-261124-") && $0.count == 17 && Limits.isCode($0) })
        #expect(codes.allSatisfy { !$0.dropFirst(11).contains { "ILOU".contains($0) } })
    }
}
