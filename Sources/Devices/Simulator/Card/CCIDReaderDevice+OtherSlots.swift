/// The slots beside the one where the identity card lies.
extension CCIDReaderDevice {
    /// A slot for contact cards with none in it.
    func handleEmptySlot(_ request: CCIDReaderRequest) {
        switch request.type {
        case 0x63, 0x65, 0x72: answer(to: request, type: 0x81, slot: 2)
        case 0x62, 0x6F: answer(to: request, type: 0x80, status: 0x40, error: 0xFE, slot: 2)
        default: answer(to: request, type: 0x81, status: 0x40, error: 0, slot: 2)
        }
    }

    /// A security module: it answers to reset as a contact card does, and knows no command.
    func handleModule(_ request: CCIDReaderRequest) {
        let place = [request.interface, Int(request.slot)]
        switch request.type {
        case 0x62:
            poweredModules.insert(place)
            // ISO/IEC 7816-3, 8.2: direct convention, TA1 and five historical bytes; T=0, so no check byte.
            answer(to: request, type: 0x80, slot: 0, body: [0x3B, 0x15, 0x95] + Array("SIMSA".utf8))
        case 0x63:
            poweredModules.remove(place)
            answer(to: request, type: 0x81, slot: 1)
        case 0x6F: answer(to: request, type: 0x80, slot: 0, body: [0x6D, 0x00])
        default: answer(to: request, type: 0x81, slot: poweredModules.contains(place) ? 0 : 1)
        }
    }
}
