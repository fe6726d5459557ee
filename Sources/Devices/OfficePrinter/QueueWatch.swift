import Logging
import Peripherals

/// Keeps an eye on a queue: fetches its events where CUPS keeps them, looks at it now and then in any case, and asks the
/// printer itself. Used on one thread.
struct QueueWatch {
    struct Limits: Sendable {
        /// Between two looks at a queue of which no event came: the printer itself is asked then, too.
        var look: Duration = .seconds(10)
        /// The same while a job waits.
        var lookAtWork: Duration = .seconds(2)
    }

    /// What is known now.
    struct View: Sendable, Equatable {
        var queue: PrinterSnapshot
        var device: DeviceAnswer
        var condition: OfficePrinterCondition { OfficePrinterCondition(queue: queue, device: device) }
    }

    let queue: CUPSQueue
    let limits: Limits
    let logger: Logger
    private(set) var subscription: EventSubscription?
    private var keepsNoEvents = false
    private var view: View?
    private var lookedAt = Duration.zero

    init(_ queue: CUPSQueue, limits: Limits = Limits(), logger: Logger) {
        self.queue = queue
        self.limits = limits
        self.logger = logger
    }

    /// What is new, in the order in which it happened; the last is how it is now.
    mutating func glance(at now: Duration, isWorking: Bool = false) throws(IPPFault) -> [View] {
        var views: [View] = []
        let events = try newEvents(at: now)
        if let view, !events.isEmpty {
            // What was only for a moment is seen, too. The queue's own words: the printer's are newer than these.
            for snapshot in events.compactMap(\.printer) {
                var queue = view.queue
                (queue.state, queue.reasons, queue.isAccepting) = (
                    snapshot.state, snapshot.reasons, snapshot.isAccepting
                )
                views.append(View(queue: queue, device: .notAsked))
            }
        }
        let interval = isWorking ? limits.lookAtWork : limits.look
        if view == nil || !events.isEmpty || now - lookedAt >= interval { try look(at: now) }
        if let view { views.append(view) }
        return views
    }

    /// Looks at the queue and at the printer.
    @discardableResult
    mutating func look(at now: Duration) throws(IPPFault) -> View {
        let snapshot = try queue.look()
        let view = View(queue: snapshot, device: queue.lookAtDevice(snapshot))
        self.view = view
        lookedAt = now
        return view
    }

    private mutating func newEvents(at now: Duration) throws(IPPFault) -> [QueueEvent] {
        guard !keepsNoEvents else { return [] }
        do throws(IPPFault) {
            guard var subscription else {
                let seconds = Int(EventSubscription.lease / .seconds(1))
                subscription = EventSubscription(id: try queue.subscribe(leaseSeconds: seconds), at: now)
                view = nil
                return []
            }
            if subscription.isToBeRenewed(at: now) {
                try queue.renew(subscription.id, leaseSeconds: Int(EventSubscription.lease / .seconds(1)))
                subscription.renewed(at: now)
            }
            let events = subscription.take(try queue.events(of: subscription.id, from: subscription.next))
            self.subscription = subscription
            return events
        } catch {
            let hadOne = subscription != nil
            subscription = nil
            switch error {
            // Without the queue there is nothing to watch.
            case .unreachable, .broken: throw error
            case .notFound:
                // The subscription is gone with the server that had it, or the queue is: the look will say.
                if !hadOne { throw error }
            case .denied, .refused:
                logger.info(
                    "CUPS keeps no events for the kiosk: it is asked now and then", metadata: ["error": "\(error)"])
                keepsNoEvents = true
            }
            return []
        }
    }

    /// The server is gone: begin anew with the next glance.
    mutating func forget() {
        subscription = nil
        keepsNoEvents = false
        view = nil
    }

    /// CUPS need not keep events for nobody.
    mutating func end() {
        guard let subscription else { return }
        self.subscription = nil
        do throws(IPPFault) {
            try queue.unsubscribe(subscription.id)
        } catch {
            logger.debug("The subscription ends with its lease", metadata: ["error": "\(error)"])
        }
    }
}

extension OfficePrinterCondition {
    init(_ fault: IPPFault) {
        switch fault {
        case .unreachable, .broken: self = .noService
        case .denied: self = .accessDenied
        case .notFound: self = .absent
        case .refused: self = .fault
        }
    }
}

extension QueueWatch.View {
    /// Whether a job sent now may be printed. A printer that can be asked is believed. What a queue tells of another one
    /// is left from its last job, and only a new job shows whether it still holds.
    var mayTakeJob: Bool {
        if queue.isPausedByHand || !queue.isAccepting { return false }
        if device == .notAsked { return true }
        let condition = OfficePrinterCondition(queue: queue, device: device, believesWarnings: false)
        return condition.isReady || (condition == .stopped && queue.isStoppedByError)
    }
}
