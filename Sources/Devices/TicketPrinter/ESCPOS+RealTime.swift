/// Commands by which a printer is told to forget, and those that ask it for automatic status.
extension ESCPOS {
    /// `DLE DC4`, function 8: clear the receive buffer and the print buffer at once. Answered with `37 25 00`; nothing
    /// may be sent before that.
    static let clearBuffers: [UInt8] = [dle, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]

    /// `DLE ENQ 2`: recover from an error that can be recovered from, after clearing both buffers. Not answered.
    static let recoverEmpty: [UInt8] = [dle, 0x05, 2]

    /// The question of `PrinterCapabilities.Proof.idle`: `GS a` is carried out when everything before it has been worked
    /// off, and each time a printer carries it out it sends its automatic status. Asked twice, because one automatic
    /// status may be on its way already.
    static let idleReports: [UInt8] = automaticStatus(true) + automaticStatus(true)
    static let idleReportCount = 2
}
