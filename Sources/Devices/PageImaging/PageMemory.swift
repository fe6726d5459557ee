import CMalloc
import Foundation

/// Memory for the pictures of a page, some 40 MB of it: in blocks that are used again, and in large pages. The first page
/// of a process takes a third longer on fresh pages of 4 KB otherwise.
public enum PageMemory {
    /// Bytes: a page of A4 at 300 dpi. What a larger one needs beyond it is memory as usual.
    private static let reserve: Int32 = 64 << 20
    /// Bytes of a large page of x86-64 and of ARM64 with small pages of 4 KB.
    private static let largePage: UInt = 2 << 20

    /// For programs that do nothing but pages. To be called once, on the thread that works, before the first picture.
    public static func useLargePages() {
        guard let start = sbrk(0) else { return }
        // One heap that grows at once and is never given back, instead of a mapping for each large block.
        guard mallopt(M_MMAP_MAX, 0) == 1, mallopt(M_TOP_PAD, reserve) == 1,
            mallopt(M_TRIM_THRESHOLD, Int32.max) == 1
        else { return }
        let block = malloc(1 << 20)
        // Asked for its size, or the compiler leaves out a block that nobody uses.
        guard malloc_usable_size(block) > 0 else { return }
        free(block)
        guard let end = sbrk(0) else { return }
        let first = (UInt(bitPattern: start) + largePage - 1) / largePage * largePage
        let last = UInt(bitPattern: end) / largePage * largePage
        guard first < last else { return }
        // A wish: a kernel without large pages refuses it.
        _ = madvise(UnsafeMutableRawPointer(bitPattern: first), Int(last - first), MADV_HUGEPAGE)
    }
}
