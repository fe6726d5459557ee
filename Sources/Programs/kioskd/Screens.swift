import Foundation
import HallQueue
import Journey
import Logging
import ServiceLifecycle
import Web

/// The web server; says on standard output when the first screen can be seen.
func screens(
    touchscreen: any Touchscreen, desk: any HallDesk, address: String, port: Int, logger: Logger
) throws -> any Service {
    try Web(
        touchscreen: touchscreen, desk: desk, settings: WebSettings(host: address, port: port), logger: logger
    ) { port in
        FileHandle.standardOutput.write(Data("kioskd is ready: http://\(address):\(port)/\n".utf8))
    }
}
