import CSANE
import DocumentScanner
import Peripherals

/// One batch: settings, then page after page until the feeder is empty.
struct ScanJob {
    private let settings: ScanSettings
    private let cancel: SANECancel

    /// A4 in millimetres (ISO 216).
    private static let paper = (width: 210.0, height: 297.0)

    init(_ settings: ScanSettings, cancel: SANECancel) {
        self.settings = settings
        self.cancel = cancel
    }

    /// Calls `page` with each JPEG, its pixels and its dots per inch.
    func run(
        on device: borrowing SANEDevice,
        _ page: (_ jpeg: [UInt8], _ width: Int, _ height: Int, _ resolution: Int) throws(ScanError) -> Void
    ) throws(ScanError) {
        let takesSheets = try configure(device.options)
        var pages = 0
        repeat {
            guard !cancel.isRequested else { throw .cancelled }
            guard let (pixels, frame, lines) = try device.page(after: pages) else { return }
            let resolution = Int((device.options.number("resolution")?.value ?? Double(settings.resolution)).rounded())
            let jpeg = try JPEGEncoder.encode(
                pixels.bytes, frame, lines: lines, resolution: resolution, quality: settings.quality)
            try page(jpeg, frame.width, lines, resolution)
            pages += 1
        } while takesSheets && pages < settings.maximumPages
        guard !takesSheets else { throw .failed("more than \(settings.maximumPages) pages in one batch") }
    }

    /// - Returns: whether there may be a sheet after the first.
    private func configure(_ options: SANEOptions) throws(ScanError) -> Bool {
        let sources = options.choices("source")
        let source = ScannerChoices.source(settings.source, among: sources)
        if let source {
            guard options.set("source", text: source) else { throw .failed("the scanner refuses source \(source)") }
        } else if settings.source != .automatic {
            throw .failed("the scanner has no source \(settings.source.rawValue): it has \(sources)")
        }
        if let mode = ScannerChoices.mode(settings.mode, among: options.choices("mode")) {
            options.set("mode", text: mode)
        }
        options.set("depth", number: 8)
        options.set("resolution", number: Double(settings.resolution))
        setArea(options)
        for (name, value) in settings.options.sorted(by: { $0.key < $1.key }) {
            guard options.set(name, to: value) else { throw .failed("the scanner refuses option \(name)") }
        }
        return source.map(ScannerChoices.isFeeder) ?? false
    }

    private func setArea(_ options: SANEOptions) {
        // Feeders of some makers centre the area on the paper's width and want to know it.
        options.set("page-width", number: Self.paper.width)
        options.set("page-height", number: Self.paper.height)
        let dotsPerMillimetre = (options.number("resolution")?.value ?? Double(settings.resolution)) / 25.4
        for (name, millimetres) in [
            ("tl-x", 0), ("tl-y", 0), ("br-x", Self.paper.width), ("br-y", Self.paper.height),
        ] {
            let scale = options.unit(name) == SANE_UNIT_PIXEL ? dotsPerMillimetre : 1
            options.set(name, number: millimetres * scale)
        }
    }
}
