import Peripherals
import USB

/// What is done with a printer that has no job: it is opened, asked how it is, cleared up, and learnt.
extension ESCPOSPrinter {
    /// One look at an idle printer: open it if need be, ask how it is, clear up what a job left, learn what it can.
    func look() async {
        guard await ensureOpen(), await askStatus().condition.isReady else { return }
        await clearUp()
        if capabilities.proof == .learn { await learnProof() }
        await hearFaults()
    }

    /// Has a fault told at once, before the first ticket too. Where proof is a bare byte or the automatic status itself,
    /// nothing may come unasked.
    func hearFaults() async {
        guard let link, !tellsFaults, capabilities.proof == .fence, capabilities.automaticStatus else { return }
        do {
            try await link.write(ESCPOS.automaticStatus(true), deadline: timings.write)
            tellsFaults = true
        } catch {
            note(error)
        }
    }

    /// Until the next look: sooner when the printer says something by itself.
    func idle() async {
        if let link, isOpen, !link.isSilent {
            await link.news(within: timings.poll)
        } else {
            do { try await Task.sleep(for: timings.poll) } catch { return }
        }
    }

    func clearUp() async {
        guard let link, !leftover.isEmpty else { return }
        do {
            try await link.write(leftover.bytes, deadline: timings.write)
            leftover = .none
        } catch .timedOut(let transferred) {
            leftover.sent(transferred)
        } catch {
            note(error)
        }
    }

    func ensureOpen() async -> Bool {
        guard !isGone else { return false }
        guard let link else {
            state.set(.fault)
            return false
        }
        guard !isOpen else { return true }
        do {
            identity = try await link.open()
            isOpen = true
            if let lookup { capabilities = lookup(info, identity) }
            await meet(link)
            if link.isSilent { capabilities.proof = .none }
            logger.info(
                "Ticket printer opened", metadata: ["product": "\(identity?.product ?? info.productName ?? "?")"])
            return true
        } catch {
            note(error)
            return false
        }
    }

    /// What a job of an earlier process or plugging left: a printer that is well prints it to its end, one that is not
    /// must forget it.
    func meet(_ link: PrinterLink) async {
        leftover = .ofEarlierProcess(capabilities, isOnPaper: past.mayHangOut)
        if await !askStatus().condition.isReady { _ = await link.forget(within: timings.forget) }
    }

    func askStatus() async -> (condition: PrinterCondition, answers: [ESCPOSAnswer]) {
        guard let link else { return (.fault, []) }
        do {
            let (condition, others) = try await link.askStatus()
            return (condition, others)
        } catch {
            return (note(error), [])
        }
    }

    /// Finds out which fence the printer echoes. Nothing is printed: what a printer without `GS ( H` takes for text is
    /// thrown away by `ESC @`.
    func learnProof() async {
        guard let link, !link.isSilent else {
            capabilities.proof = .none
            return
        }
        do {
            let id = past.takeFence()
            if try await link.asks(ESCPOS.fence(id), deadline: timings.learn, answer: { $0 == .fence(id) }) {
                capabilities.proof = .fence
            } else if try await link.asks(
                ESCPOS.initialise + ESCPOS.automaticStatus(false) + ESCPOS.paperSensorStatus, deadline: timings.learn,
                answer: { if case .requested = $0 { true } else { false } })
            {
                capabilities.proof = .status
            } else if capabilities.automaticStatus,
                try await link.asks(
                    ESCPOS.automaticStatus(false) + ESCPOS.idleReports, deadline: timings.learn,
                    count: ESCPOS.idleReportCount, answer: { if case .automatic = $0 { true } else { false } })
            {
                capabilities.proof = .idle
            } else if try await link.askStatus().condition.isReady {
                capabilities.proof = .none
            }
            logger.info("Ticket printer's proof of printing", metadata: ["proof": "\(capabilities.proof.rawValue)"])
        } catch {
            note(error)
        }
    }
}
