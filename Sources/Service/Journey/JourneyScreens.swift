import Forms
import KioskConfiguration
import Peripherals
import Procedures

/// How each stage looks: the view model of the touchscreen. Reads the journey and changes nothing.
extension Journey {
    /// The screen of now.
    public var screen: Screen {
        var screen = isConfirmingCancel ? cancelScreen : stageScreen
        screen.revision = revision
        screen.language = visit.language
        if let notice { screen.notice = notice }
        if let left = idleTimeLeft {
            screen.idleWarning = Screen.IdleWarning(
                title: text("idle.title"), text: text("idle.text"),
                secondsLeft: max(0, Int(left.components.seconds)), stayLabel: text("idle.stay"))
        }
        return screen
    }

    private var stageScreen: Screen {
        switch stage {
        case .welcome: recovered.first.map(recoveryScreen) ?? welcomeScreen
        case .need: needScreen
        case .identify(let step): identifyScreen(step)
        case .priority: priorityScreen
        case .advice: adviceScreen
        case .form(let page): formScreen(page)
        case .scan(let activity): scanScreen(activity)
        case .review: reviewScreen
        case .submitting: submittingScreen
        case .ticket(let step): ticketScreen(step)
        case .lookUp(let lookUp): lookUpScreen(lookUp)
        case .thanks: thanksScreen
        case .ended(let error): endedScreen(error)
        }
    }

    // MARK: - Parts

    /// A screen whose title and lead are the locale texts of its id.
    func screen(_ id: String, title: String? = nil, lead: String? = nil) -> Screen {
        Screen(id: id, language: visit.language, title: title ?? text("\(id).title"), lead: lead)
    }

    func action(_ id: String, _ role: Screen.Action.Role, label: String? = nil, enabled: Bool = true) -> Screen.Action {
        Screen.Action(id: id, label: label ?? text("action.\(id)"), role: role, enabled: enabled)
    }

    var backAction: Screen.Action { action("back", .back) }
    var cancelAction: Screen.Action { action("cancel", .cancel) }

    /// Where the applicant is among the steps of this kind of visit.
    func step(_ name: String) -> Screen.Step? {
        let names: [String] =
            switch visit.need {
            case .procedure: ["identify", "priority", "advice", "form", "scan", "review", "ticket"]
            case .ticketOnly: ["identify", "priority", "ticket"]
            case .lookUp, nil: []
            }
        guard let index = names.firstIndex(of: name) else { return nil }
        return Screen.Step(
            number: index + 1, count: names.count,
            label: text("step.label", ["number": String(index + 1), "count": String(names.count)]))
    }

    func condition(of role: DeviceRole) -> DeviceReport? { devices.first { $0.role == role } }

    /// A sentence about a device that cannot serve now; nil when it can, or when nothing is known of it.
    func deviceNotice(_ role: DeviceRole) -> Screen.Notice? {
        guard let report = condition(of: role), !report.ready else { return nil }
        return Screen.Notice(kind: .warning, text: text("device.\(role.rawValue).\(report.condition)"))
    }

    // MARK: - Welcome, need, cancel, thanks

    private var welcomeScreen: Screen {
        var screen = screen("welcome", title: context.hallName.text(visit.language), lead: text("welcome.lead"))
        screen.notice = deviceNotice(.ticketPrinter)
        screen.blocks = [
            .choices(
                Block.Choices(
                    name: "language",
                    options: context.locales.languages.map { code in
                        Block.Choices.Option(
                            value: code, label: context.locales[code].text("language.name"),
                            detail: context.locales[code].text("welcome.begin"), icon: "flag-\(code)")
                    }))
        ]
        return screen
    }

    private var needScreen: Screen {
        var screen = screen("need", lead: text("need.lead"))
        let procedures = context.catalogue.offered(on: today).map { offer in
            Block.Choices.Option(
                value: offer.procedure.code, label: offer.version.title.text(visit.language),
                detail: text("need.procedure"), icon: offer.procedure.icon ?? "document")
        }
        screen.blocks = [
            .choices(
                Block.Choices(
                    name: "need",
                    options: procedures + [
                        Block.Choices.Option(
                            value: "ticket", label: text("need.ticket"), detail: text("need.ticket.detail"),
                            icon: "ticket"),
                        Block.Choices.Option(
                            value: "lookup", label: text("need.lookup"), detail: text("need.lookup.detail"),
                            icon: "search"),
                    ]))
        ]
        screen.actions = [backAction, cancelAction]
        return screen
    }

    private var cancelScreen: Screen {
        var screen = screen("cancel", lead: text("cancel.lead"))
        screen.actions = [action("stay", .primary), action("leave", .cancel)]
        return screen
    }

    private var thanksScreen: Screen {
        var screen = screen("thanks", lead: text("thanks.lead"))
        screen.blocks = [.illustration(Block.Illustration(name: "done", alt: text("thanks.alt")))]
        if let submitted = visit.submitted {
            let code = submitted.dossierCode.map { Block.Facts.Item(label: text("ticket.dossier"), value: $0) }
            screen.blocks.append(
                .facts(
                    Block.Facts(
                        items: [.init(label: text("ticket.title"), value: submitted.number)] + [code].compactMap { $0 })
                ))
        }
        if visit.card != nil {
            screen.notice = .init(kind: .info, text: text(isCardToBeShown ? "thanks.show-card" : "thanks.card"))
        }
        screen.actions = [action("finish", .primary)]
        return screen
    }

    private func endedScreen(_ error: CardReadError) -> Screen {
        var screen = screen("ended", lead: text("ended.lead"))
        screen.notice = .init(kind: .error, text: text("card.error.\(error.code)"))
        screen.actions = [action("finish", .primary)]
        return screen
    }

    // MARK: - Identification

    private func identifyScreen(_ step: Identification) -> Screen {
        var screen = screen("identify", title: text("identify.title"))
        screen.step = self.step("identify")
        screen.actions = [backAction, cancelAction, action("skip", .secondary, label: text("identify.skip"))]
        func illustrate(_ name: String, lead: String) {
            screen.lead = text(lead)
            screen.blocks = [.illustration(Block.Illustration(name: name, alt: text(lead)))]
        }
        switch step {
        case .showQR:
            illustrate("card-qr", lead: "identify.show-qr")
            screen.notice = deviceNotice(.barcodeReader) ?? deviceNotice(.cardReader)
        case .placeCard:
            illustrate("card-place", lead: "identify.place-card")
            screen.notice = deviceNotice(.cardReader)
        case .reading(let fraction):
            illustrate("card-hold", lead: "identify.hold-still")
            screen.blocks.append(.progress(Block.Progress(label: text("identify.reading"), fraction: fraction)))
        case .putBack:
            illustrate("card-place", lead: "identify.put-back")
            screen.notice = .init(kind: .warning, text: text("card.error.removed"))
        case .failed(let error):
            illustrate("card-qr", lead: "identify.try-again")
            screen.notice = .init(kind: .error, text: text("card.error.\(error.code)"))
            screen.actions.append(action("retry", .primary))
        case .done:
            let lead = text(visit.isCardFinished ? "identify.done" : "identify.nearly-done")
            screen.lead = lead
            screen.notice = .init(
                kind: .success, text: text("identify.welcome", ["name": visit.card?.citizen.fullName ?? ""]))
            screen.blocks = [.illustration(Block.Illustration(name: "done", alt: lead))]
            screen.actions = [backAction, cancelAction, action("next", .primary)]
        }
        return screen
    }

    private var priorityScreen: Screen {
        var screen = screen("priority", lead: text("priority.lead"))
        screen.step = step("priority")
        screen.blocks = [
            .choices(
                Block.Choices(
                    name: "priority", multiple: true,
                    options: context.priorityClasses.map { priorityClass in
                        Block.Choices.Option(
                            value: priorityClass.id, label: priorityClass.label.text(visit.language),
                            detail: isProvedByAge(priorityClass) ? text("priority.by-card") : nil,
                            icon: priorityClass.icon, selected: visit.priorityClasses.contains(priorityClass.id))
                    })),
            .text(Block.Text(text("priority.hint"), style: .hint)),
        ]
        let label = chosenProcedure == nil ? text("action.take-ticket") : nil
        screen.actions = [backAction, cancelAction, action("next", .primary, label: label)]
        return screen
    }

    // MARK: - Look-up

    private func lookUpScreen(_ lookUp: LookUp) -> Screen {
        var screen = screen("lookup", lead: text("lookup.lead"))
        screen.actions = [backAction, cancelAction]
        switch lookUp {
        case .asking(let notFound):
            if notFound != nil { screen.notice = .init(kind: .warning, text: text("lookup.not-found")) }
            screen.blocks = [
                .field(
                    Block.Field(
                        name: "code", label: text("lookup.code"), hint: text("lookup.code.hint"), control: .text,
                        value: notFound ?? "", required: true))
            ]
            screen.actions.append(action("search", .primary))
        case .searching:
            screen.blocks = [.progress(Block.Progress(label: text("lookup.searching")))]
        case .found(let result):
            screen.lead = nil
            screen.blocks = [
                .facts(
                    Block.Facts(items: [
                        .init(label: text("ticket.dossier"), value: result.code),
                        .init(label: text("lookup.state"), value: text("lookup.state.\(result.state.rawValue)")),
                    ]))
            ]
            screen.actions += [action("again", .secondary), action("finish", .primary)]
        }
        return screen
    }
}
