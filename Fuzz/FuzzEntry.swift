// Only in the fuzzer's own build (scripts/fuzz): what libFuzzer calls.
#if FUZZING
    import Foundation
    import Synchronization

    /// Memory that the running input holds, counted by the address sanitizer's hooks.
    private enum Memory {
        static let live = Atomic<Int>(0)
        static let peak = Atomic<Int>(0)

        static func begin() {
            live.store(0, ordering: .relaxed)
            peak.store(0, ordering: .relaxed)
        }

        static func check(_ limit: Int) {
            let most = peak.load(ordering: .relaxed)
            precondition(most <= limit, "an input of a few bytes took \(most) bytes of memory")
        }
    }

    @_silgen_name("__sanitizer_install_malloc_and_free_hooks")
    private func installHooks(
        _ allocated: @convention(c) (UnsafeRawPointer?, Int) -> Void,
        _ freed: @convention(c) (UnsafeRawPointer?) -> Void
    ) -> Int32

    @_silgen_name("__sanitizer_get_allocated_size")
    private func allocatedSize(_ pointer: UnsafeRawPointer?) -> Int

    /// Chosen by the environment: libFuzzer takes all arguments for its own.
    private let target = ProcessInfo.processInfo.environment["KIOSK_FUZZ_TARGET"].flatMap { FuzzTarget.named($0) }

    @_cdecl("LLVMFuzzerInitialize")
    public func initialize(
        _ count: UnsafeMutablePointer<Int32>?, _ arguments: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard target != nil else {
            print("KIOSK_FUZZ_TARGET must be one of \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        Memory.begin()
        let installed = installHooks(
            { _, size in
                let now = Memory.live.add(size, ordering: .relaxed).newValue
                if now > Memory.peak.load(ordering: .relaxed) { Memory.peak.store(now, ordering: .relaxed) }
            },
            { pointer in Memory.live.subtract(allocatedSize(pointer), ordering: .relaxed) })
        precondition(installed != 0)
        return 0
    }

    @_cdecl("LLVMFuzzerTestOneInput")
    public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
        guard let target, count <= target.longest else { return -1 }
        let bytes = Array(UnsafeBufferPointer(start: data, count: count))
        Memory.begin()
        target.run(bytes)
        Memory.check(target.memoryLimit)
        return 0
    }
#endif
