import Foundation

/// What a person did on the touchscreen.
public struct ScreenAction: Sendable, Equatable, Codable {
    /// The revision of the screen that was touched; an action for an older screen changes nothing.
    public var revision: Int
    /// The id of the action or the name of the choices block.
    public var action: String
    public var value: String?
    /// Field values by name.
    public var values: [String: String]?

    public init(revision: Int, action: String, value: String? = nil, values: [String: String]? = nil) {
        self.revision = revision
        self.action = action
        self.value = value
        self.values = values
    }
}

/// The kiosk as its touchscreen sees it.
public protocol Touchscreen: Sendable {
    /// The screen now, then each change.
    func screens() async -> AsyncStream<Screen>
    /// - Returns: the screen that the action led to, or the screen of now if the action was for an older one.
    func perform(_ action: ScreenAction) async -> Screen
    /// The picture (JPEG) of a scanned page of the present visit, by the id in its block; nil when there is none.
    func pagePicture(_ id: String) async -> URL?
}
