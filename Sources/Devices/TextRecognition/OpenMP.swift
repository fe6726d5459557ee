import Foundation

/// Tesseract asks OpenMP for four threads for every layer of a line of text, which makes a page 2 to 11 times slower when
/// pages are read side by side. It names the number itself, so that OpenMP's own default is no help; and the environment
/// (OMP_THREAD_LIMIT) is read before any code of a program runs.
enum OpenMP {
    /// Work that is shared out from the calling thread stays on it: no parallel region is ever active (OpenMP 5.0,
    /// 3.2.15). Nothing happens when tesseract was built without OpenMP.
    static func stayOnThisThread() {
        guard let symbol = dlsym(nil, "omp_set_max_active_levels") else { return }
        unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)(0)
    }
}
