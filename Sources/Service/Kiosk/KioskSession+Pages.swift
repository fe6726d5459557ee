import Foundation
import Journey
import Logging
import Peripherals

/// Pages of a visit: scanned, made ready, shown and deleted.
extension KioskSession {
    func startScan(_ component: String, _ batch: Int) {
        let visit = visitNumber
        let previous = scan
        scan = Task {
            await previous?.value
            do {
                for try await page in devices.scanner.scan(into: try folder.folder(for: component)) {
                    self.keep(page, of: component, batch, visit: visit)
                }
                self.deliver(.scanEnded(batch: batch), of: visit)
            } catch {
                let error = error as? ScanError ?? .failed("\(error)")
                logger.notice("scan ended", metadata: ["error": "\(error)"])
                self.deliver(.scanFailed(error, batch: batch), of: visit)
            }
        }
    }

    func keep(_ page: ScannedPage, of component: String, _ batch: Int, visit: Int) {
        guard visit == visitNumber else { return removeFile(page.file) }
        let kept = VisitPage(id: UUID().uuidString.lowercased(), scan: page, batch: batch)
        pictures[kept.id] = page.file
        handle(.pageScanned(component: component, kept))
    }

    func prepare(_ page: VisitPage, of component: String) {
        let visit = visitNumber
        let work =
            pageWork
            ?? PageWork(devices.pages, folder: folder, logger: logger) { [weak self] news in
                await self?.pageNews(news, of: visit)
            }
        pageWork = work
        work.prepare(page, of: component)
    }

    func pageNews(_ news: JourneyEvent, of visit: Int) {
        guard visit == visitNumber else { return }
        if case .pagePrepared(let id, let prepared) = news, pictures[id] != nil { pictures[id] = prepared.page.file }
        handle(news)
    }

    /// Also what was made of it that the journey has not been told of yet.
    func deletePage(_ page: VisitPage) {
        pageWork?.forget(page)
        let known = pictures.removeValue(forKey: page.id)
        for file in Set([page.scan.file, page.picture.file, page.layer, known].compactMap { $0 }) { removeFile(file) }
    }

    func removeFile(_ file: URL) {
        do {
            try folder.remove(file)
        } catch {
            logger.error("a page could not be removed", metadata: ["error": "\(error)"])
        }
    }
}
