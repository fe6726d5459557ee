/// What a technician should change although the device works.
public struct DeviceAdvice: Sendable, Equatable {
    /// What it is about, for example `the queue office drops jobs`.
    public var detail: String
    /// What to do, one sentence.
    public var remedy: String

    public init(detail: String, remedy: String) {
        self.detail = detail
        self.remedy = remedy
    }
}
