import CardCryptography
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("SecurityInfos")
struct SecurityInfosTests {
    @Test("EF.CardAccess as on every Vietnamese card: the file that the simulated chip writes, byte for byte")
    func vietnamese() throws {
        let bytes = hex(
            """
            3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D
            """)
        let keys = try ChipKeys(.vietnamese)
        #expect(ChipSecurityInfos(protocols: .vietnamese, keys: keys).cardAccess == bytes)
        let infos = try SecurityInfos(bytes)
        #expect(infos.pace == CardAccessFile.usual.pace && infos.terminalAuthentication == [1])
        #expect(
            infos.chipAuthentication == [
                ChipAuthenticationInfo(algorithm: ChipAuthenticationAlgorithm(isElliptic: true, cipher: .aes128))
            ])
        #expect(infos.chipAuthenticationKeys.isEmpty && infos.chipAuthenticationChoices.isEmpty)
    }

    @Test("DG14: keys by name, written out and by number, of every group, are the chip's keys")
    func keys() throws {
        for parameter in [0, 1, 2] + Array(8...18) {
            for encoding in ChipProtocols.KeyAgreement.Encoding.allCases {
                var protocols = ChipProtocols()
                protocols.keyAgreement = [
                    .init(parameter: parameter, cipher: .aes256, keyIdentifier: 200, encoding: encoding)
                ]
                let keys = try ChipKeys(protocols)
                let group = try #require(try ChipSecurityInfos(protocols: protocols, keys: keys).dataGroup14())
                let infos = try SecurityInfos(dataGroup14: group)
                let expected = try KeyAgreementGroup(standardized: parameter)
                #expect(infos.chipAuthenticationKeys.map(\.group) == [expected].compactMap { $0 })
                #expect(infos.chipAuthenticationKeys.map(\.publicKey) == [keys.agreement[0].publicKey])
                #expect(infos.chipAuthenticationKeys.map(\.keyIdentifier) == [200])
            }
        }
    }

    @Test("ActiveAuthenticationInfo names the hash function", arguments: HashFunction.allCases)
    func activeAuthentication(_ hash: HashFunction) throws {
        var protocols = ChipProtocols.vietnamese
        protocols.signature = .ecdsa(.nistP521, hash)
        let group = try ChipSecurityInfos(protocols: protocols, keys: try ChipKeys(protocols)).dataGroup14()
        #expect(try SecurityInfos(dataGroup14: try #require(group)).activeAuthenticationHash == hash)
    }

    @Test("unknown protocols and versions are passed over; what is no set of infos is refused")
    func odd() throws {
        // EFDirInfo, a national object identifier, chip authentication of version 3.
        let bytes = hex(
            "3133 300D060804007F0007020206 020101 3011060B2A864886F70D010101 0101 0402CAFE 300F060A04007F00070202030202 020103"
        )
        let infos = try SecurityInfos([0x31, UInt8(bytes.count - 2)] + bytes.dropFirst(2))
        #expect(infos == SecurityInfos())
        for bad in ["", "30003100", "31023000", "310430020201", "31053003020101", "3107 3005 0603040000"] {
            #expect(throws: SecurityInfos.Failure.self, "\(bad)") { try SecurityInfos(hex(bad)) }
        }
        #expect(throws: SecurityInfos.Failure.tooLong) { try SecurityInfos([UInt8](repeating: 0x31, count: 20_000)) }
    }

    @Test("a key that lies is not used, and the file's other entries are")
    func badKeys() throws {
        let protocols = ChipProtocols.vietnamese
        var group = try #require(
            try ChipSecurityInfos(protocols: protocols, keys: try ChipKeys(protocols)).dataGroup14())
        // The set is in DER's order: the key is the longest entry, and comes last. Its last byte belongs to the point.
        group[group.count - 1] ^= 1
        let infos = try SecurityInfos(dataGroup14: group)
        #expect(infos.chipAuthenticationKeys.isEmpty && infos.unusableKeys.count == 1 && infos.pace.count == 1)
    }

    @Test("damaged DG14 gives an answer or an error, and ends")
    func damaged() throws {
        var protocols = ChipProtocols.vietnamese
        protocols.keyAgreement = [
            .init(parameter: 13, cipher: .aes128, encoding: .explicit),
            .init(parameter: 0, cipher: .aes128, keyIdentifier: 2),
        ]
        let group = try #require(
            try ChipSecurityInfos(protocols: protocols, keys: try ChipKeys(protocols)).dataGroup14())
        for index in group.indices {
            var bytes = group
            bytes[index] ^= 0x81
            _ = try? SecurityInfos(dataGroup14: bytes)
            _ = try? SecurityInfos(dataGroup14: Array(group.prefix(index)))
        }
    }
}
