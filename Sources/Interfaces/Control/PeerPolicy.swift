import Glibc

/// Who may talk to the daemon: root, the daemon's own user, and the members of one group.
public struct PeerPolicy: Sendable, Equatable {
    public var ownUser: UInt32
    /// nil when no group was configured or it does not exist.
    public var group: UInt32?

    public init(ownUser: UInt32, group: UInt32?) {
        self.ownUser = ownUser
        self.group = group
    }

    /// The policy of this process with the group of that name.
    public init(groupName: String?) {
        var group: UInt32?
        if let groupName {
            var entry = Glibc.group()
            var found: UnsafeMutablePointer<Glibc.group>?
            var buffer = [CChar](repeating: 0, count: 16_384)
            if getgrnam_r(groupName, &entry, &buffer, buffer.count, &found) == 0, found != nil { group = entry.gr_gid }
        }
        self.init(ownUser: geteuid(), group: group)
    }

    public func admits(user: UInt32, groups: [UInt32]) -> Bool {
        if user == 0 || user == ownUser { return true }
        guard let group else { return false }
        return groups.contains(group)
    }

    /// The groups of a user, with its primary one: the socket's credentials carry the primary one only.
    static func groups(ofUser user: UInt32, primary: UInt32) -> [UInt32] {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0, found != nil, let name = entry.pw_name
        else {
            return [primary]
        }
        var count: Int32 = 256
        var groups = [gid_t](repeating: 0, count: Int(count))
        guard getgrouplist(name, entry.pw_gid, &groups, &count) >= 0 else { return [primary] }
        return Array(groups.prefix(Int(count))) + [primary]
    }
}
