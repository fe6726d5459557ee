import Foundation
import Journey

/// A touchscreen that shows what the test says and remembers what was done.
actor ScriptedTouchscreen: Touchscreen {
    private(set) var screen: Screen
    private(set) var actions: [ScreenAction] = []
    private var watchers: [UUID: AsyncStream<Screen>.Continuation] = [:]
    private var pictures: [String: URL] = [:]
    private let gone: AsyncStream<Void>.Continuation
    /// Yields whenever somebody stops watching.
    nonisolated let departures: AsyncStream<Void>

    init(_ screen: Screen) {
        self.screen = screen
        (departures, gone) = AsyncStream.makeStream(of: Void.self)
    }

    func screens() async -> AsyncStream<Screen> {
        let id = UUID()
        let (stream, continuation) = AsyncStream.makeStream(of: Screen.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { _ in Task { await self.leave(id) } }
        watchers[id] = continuation
        continuation.yield(screen)
        return stream
    }

    func perform(_ action: ScreenAction) async -> Screen {
        actions.append(action)
        guard action.revision == screen.revision else { return screen }
        show(Screen(revision: screen.revision + 1, id: action.action, language: "vi", title: "Tiếp theo"))
        return screen
    }

    func pagePicture(_ id: String) async -> URL? { pictures[id] }

    func show(_ next: Screen) {
        screen = next
        for watcher in watchers.values { watcher.yield(next) }
    }

    func keep(picture: URL, as id: String) { pictures[id] = picture }

    private func leave(_ id: UUID) {
        guard watchers.removeValue(forKey: id) != nil else { return }
        gone.yield()
    }
}
