/// How a simulated reader misbehaves until it is told to be `healthy`.
struct CCIDReaderTrouble {
    /// Commands that pass before the card leaves by itself.
    var commandsUntilRemoval: Int?
    /// The next bulk-in transfer is answered with STALL.
    var stallsNextTransfer = false
    /// Time extensions before each answer.
    var timeExtensions = 0
    /// Time extensions without end instead of an answer.
    var extendsForever = false
    /// Time extensions come as SlotStatus, Parameters and Escape messages by turns instead of DataBlock.
    var disguisesExtensions = false
    /// Commands to the card are not answered, aborts are.
    var isSilent = false
    /// Nothing is answered until a bus reset.
    var isDeaf = false
    /// Frames of an earlier command that come before each answer.
    var staleFrames = 0
    /// The next answer is a frame that promises 49,174 bytes.
    var sendsGarbage = false
    /// The next answer is cut to five bytes.
    var cutsNextFrame = false
    /// The reader does not tell when the card leaves or comes.
    var hidesSlotChanges = false
    /// The card's answers take the time that they would take over this link.
    var link: ContactlessLink?
    /// What the next answer to GetSlotStatus takes.
    var nextStatus: Duration?
}
