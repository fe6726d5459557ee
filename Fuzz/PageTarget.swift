import PageImaging

extension FuzzTarget {
    /// A scanned page, through the JPEG decoder and everything that looks at a page; the first byte chooses its resolution.
    static let page = FuzzTarget(name: "page", longest: 49_152, memoryLimit: 128 << 20) { bytes in
        guard let first = bytes.first else { return }
        var options = PagePreparation.Options()
        // What a scan of A4 is at 75 dpi: larger ones are refused alike, and would leave time for few.
        options.pixelLimit = 600_000
        let resolution = [75, 100, 150, 300, 400, 800][Int(first) % 6]
        guard let page = try? PagePreparation(options).prepare(Array(bytes.dropFirst()), resolution: resolution) else {
            return
        }
        precondition(page.width > 0 && page.height > 0 && page.width * page.height <= 4 * options.pixelLimit)
        precondition(page.jpeg.starts(with: [0xFF, 0xD8]))
        precondition(page.codes.count <= 16 && page.resolution <= options.resolution)
    }
}
