import Testing

@testable import Control

@Suite("Who may control the kiosk")
struct PeerPolicyTests {
    struct Peer: Sendable, CustomTestStringConvertible {
        var user: UInt32
        var groups: [UInt32]
        var group: UInt32?
        var isAdmitted: Bool
        var testDescription: String { "user \(user) of \(groups), group \(group.map(String.init) ?? "none")" }
    }

    @Test(
        "root, the service's own user, and the members of the configured group; nobody else",
        arguments: [
            Peer(user: 0, groups: [0], group: nil, isAdmitted: true),
            Peer(user: 990, groups: [990], group: nil, isAdmitted: true),
            Peer(user: 1000, groups: [1000], group: nil, isAdmitted: false),
            Peer(user: 1000, groups: [1000, 27], group: 27, isAdmitted: true),
            Peer(user: 1000, groups: [1000, 28], group: 27, isAdmitted: false),
            Peer(user: 1000, groups: [0], group: 27, isAdmitted: false),
            Peer(user: 1000, groups: [], group: 27, isAdmitted: false),
            Peer(user: 990, groups: [], group: 27, isAdmitted: true),
            Peer(user: .max, groups: [.max], group: nil, isAdmitted: false),
        ])
    func admits(_ peer: Peer) {
        let policy = PeerPolicy(ownUser: 990, group: peer.group)
        #expect(policy.admits(user: peer.user, groups: peer.groups) == peer.isAdmitted)
    }

    @Test("a group that does not exist admits nobody")
    func unknownGroup() {
        #expect(PeerPolicy(groupName: "no-such-group-here").group == nil)
        #expect(PeerPolicy(groupName: "root").group == 0)
    }

    @Test("a user's groups hold the primary one, also for a user that nobody knows")
    func groups() {
        #expect(PeerPolicy.groups(ofUser: 0, primary: 0).contains(0))
        #expect(PeerPolicy.groups(ofUser: 3_999_999_999, primary: 7) == [7])
    }
}
