import ArgumentParser

/// The kiosk's devices without the devices: a card reader, a ticket printer and a QR reader by USB/IP, a document
/// scanner by eSCL.
@main
struct KioskSim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-sim", abstract: "Simulates a kiosk's devices at the level of their wires.",
        discussion: """
            Start it with `kiosk-sim serve`; from then on the other commands act on its devices:

              kiosk-sim card insert NAME          kiosk-sim card remove --after-apdu 17
              kiosk-sim qr show NAME              kiosk-sim fault printer paper-out
              kiosk-sim unplug reader             kiosk-sim plug reader
              kiosk-sim scanner jam               kiosk-sim list
            """,
        subcommands: [
            Serve.self, List.self, Plug.self, Unplug.self, Fault.self, Card.self, QR.self, Printer.self, Scanner.self,
        ])
}
