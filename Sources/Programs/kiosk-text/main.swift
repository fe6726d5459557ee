import Foundation
import PageWorker
import Peripherals
import TextRecognition

/// Wires one request on the standard input to `TextRecognition`. The text of a page has a program of its own: nobody who waits
/// for a page has to wait until libtesseract is loaded.
let isDone = WorkerLoop.run(jobs: 1) { job throws(PageError) in
    guard case .recognise(let page, let layer) = job else { throw .failed("kiosk-text reads text, and nothing else") }
    WorkerSandbox.stepBack()
    let found = try TextRecognition().recognise(page, layer: layer)
    return .recognised(text: found.text, confidence: found.confidence)
}
exit(isDone ? 0 : 1)
