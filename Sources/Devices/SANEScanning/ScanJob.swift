import CSANE
import DocumentScanner
import Peripherals

/// One batch: settings, then page after page until the feeder is empty.
struct ScanJob {
    private let settings: ScanSettings
    private let cancel: SANECancel

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
        let takesSheets = try setSource(options)
        if let mode = ScannerChoices.mode(settings.mode, among: options.choices("mode")) {
            guard options.set("mode", text: mode) else { throw .failed("the scanner refuses mode \(mode)") }
        }
        options.set("depth", number: 8)
        // Some back ends have one for each direction only.
        for name in ["resolution", "x-resolution", "y-resolution"] where options.isSettable(name) {
            guard options.set(name, number: Double(settings.resolution)) else {
                throw .failed("the scanner refuses \(settings.resolution) dots per inch")
            }
        }
        setArea(options)
        for (name, value) in settings.options.sorted(by: { $0.key < $1.key }) {
            guard options.set(name, to: value) else { throw .failed("the scanner refuses option \(name)") }
        }
        return takesSheets
    }

    /// - Returns: whether the source takes sheet after sheet.
    private func setSource(_ options: SANEOptions) throws(ScanError) -> Bool {
        let sources = options.choices("source")
        if let source = ScannerChoices.source(settings.source, among: sources) {
            guard options.set("source", text: source) else { throw .failed("the scanner refuses source \(source)") }
            // Of some back ends the feeder has its two sides in an option of its own.
            if settings.source == .feeder || settings.source == .automatic { setSides(false, options) }
            return ScannerChoices.isFeeder(source)
        }
        if settings.source == .duplex, let feeder = ScannerChoices.source(.feeder, among: sources),
            options.set("source", text: feeder), setSides(true, options)
        {
            return true
        }
        guard settings.source == .automatic else {
            let list = sources.isEmpty ? "no choice of sources" : sources.joined(separator: ", ")
            // Another source would scan something else than was asked for, or lose the back sides.
            throw .failed("the scanner has no source \(settings.source.rawValue); it has \(list)")
        }
        return false
    }

    /// - Returns: whether the scanner has such an option, and took it.
    @discardableResult
    private func setSides(_ both: Bool, _ options: SANEOptions) -> Bool {
        // epson2 and epsonds: "Simplex" and "Duplex"; hpaio and others: a switch.
        options.set("adf-mode", text: both ? "Duplex" : "Simplex") || options.set("duplex", to: both ? "yes" : "no")
    }

    private func setArea(_ options: SANEOptions) {
        if settings.paper == .automatic {
            // Where the scanner itself finds the end of the sheet.
            _ = options.set("ald", to: "yes")
        }
        let paper = settings.paper.size ?? (ScanPaper.longest, ScanPaper.longest)
        // Feeders of some makers centre the area on the paper's width and want to know it.
        options.set("page-width", number: paper.width)
        options.set("page-height", number: paper.height)
        let dotsPerMillimetre = (options.number("resolution")?.value ?? Double(settings.resolution)) / 25.4
        // Longer than the bed is wide or the feeder long: the nearest is all of it.
        for (name, millimetres) in [("tl-x", 0), ("tl-y", 0), ("br-x", paper.width), ("br-y", paper.height)] {
            let scale = options.unit(name) == SANE_UNIT_PIXEL ? dotsPerMillimetre : 1
            options.set(name, number: millimetres * scale)
        }
    }
}
