import Forms
import Foundation
import KioskConfiguration
import Peripherals
import Procedures

/// What each touch does on each screen. A touch that means nothing there does nothing.
extension Journey {
    mutating func act(_ action: ScreenAction) -> [JourneyEffect] {
        if action.action == "stay" {
            isConfirmingCancel = false
            return []
        }
        if isConfirmingCancel {
            return action.action == "leave" ? leave(.cancelled) : []
        }
        if action.action == "cancel" { return cancel() }
        if action.action == "setLanguage", let language = action.value { return setLanguage(language) }
        switch stage {
        case .welcome: return recovered.isEmpty ? actOnWelcome(action) : actOnRecovery(action)
        case .need: return actOnNeed(action)
        case .identify(let step): return actOnIdentification(action, step)
        case .priority: return actOnPriority(action)
        case .advice: return actOnAdvice(action)
        case .form(let page): return actOnForm(action, page)
        case .scan(let activity): return actOnScan(action, activity)
        case .review: return actOnReview(action)
        case .ticket(let step): return actOnTicket(action, step)
        case .lookUp(let lookUp): return actOnLookUp(action, lookUp)
        case .thanks, .ended: return action.action == "finish" ? reset() : []
        case .submitting: return []
        }
    }

    private mutating func cancel() -> [JourneyEffect] {
        switch stage {
        case .welcome, .submitting, .ticket(.printing): return []
        case .ticket(.printed): return finish()
        case .thanks, .ended: return reset()
        default:
            guard visit.hasSomethingToLose else { return leave(.cancelled) }
            isConfirmingCancel = true
            return []
        }
    }

    private mutating func setLanguage(_ language: String) -> [JourneyEffect] {
        guard context.locales.languages.contains(language) else { return [] }
        visit.language = language
        visit.form?.language = language
        return []
    }

    private mutating func actOnWelcome(_ action: ScreenAction) -> [JourneyEffect] {
        guard action.action == "language", let language = action.value,
            context.locales.languages.contains(language)
        else { return [] }
        visit.language = language
        stage = .need
        return [.record(.started)]
    }

    private mutating func actOnNeed(_ action: ScreenAction) -> [JourneyEffect] {
        switch (action.action, action.value) {
        case ("back", _):
            stage = .welcome
        case ("need", "ticket"?):
            visit.need = .ticketOnly
            stage = .identify(visit.card == nil ? .showQR : .done)
        case ("need", "lookup"?):
            visit.need = .lookUp
            stage = .lookUp(.asking(notFound: nil))
        case ("need", let value?):
            guard let version = context.catalogue[value]?.version(on: today) else { return [] }
            if chosenProcedure?.code != value { visit.form = nil }
            visit.need = .procedure(ChosenProcedure(code: value, version: version))
            stage = .identify(visit.card == nil ? .showQR : .done)
        default: break
        }
        return []
    }

    private mutating func actOnIdentification(_ action: ScreenAction, _ step: Identification) -> [JourneyEffect] {
        var effects: [JourneyEffect] = []
        switch action.action {
        case "back":
            if case .reading = step { effects.append(.cancelCardRead) }
            visit.qrText = nil
            stage = .need
        case "skip":
            if case .reading = step { effects.append(.cancelCardRead) }
            visit.card = nil
            visit.qrText = nil
            visit.form = nil
            visit.priorityClasses = []
            stage = .priority
            effects.append(.record(.identificationSkipped))
        case "retry":
            visit.qrText = nil
            stage = .identify(.showQR)
        case "next" where step == .done:
            stage = .priority
        default: break
        }
        return effects
    }

    private mutating func actOnPriority(_ action: ScreenAction) -> [JourneyEffect] {
        if let chosen = action.values?["priority"] {
            let known = Set(context.priorityClasses.map(\.id))
            visit.priorityClasses = Set(chosen.split(separator: " ").map(String.init)).intersection(known)
                .union(context.priorityClasses.filter(isProvedByAge).map(\.id))
        }
        switch action.action {
        case "back": stage = .identify(visit.card == nil ? .showQR : .done)
        case "next":
            if chosenProcedure == nil { return submit() }
            stage = .advice
        default: break
        }
        return []
    }

    private mutating func actOnAdvice(_ action: ScreenAction) -> [JourneyEffect] {
        switch action.action {
        case "back": stage = .priority
        case "next": beginForm()
        default: break
        }
        return []
    }

    private mutating func actOnReview(_ action: ScreenAction) -> [JourneyEffect] {
        switch action.action {
        case "back": showPapers()
        case "change":
            if action.value == "scan" {
                showPapers()
            } else if let page = action.value, visit.form?.page(page) != nil {
                returnsToReview = true
                stage = .form(page: page)
            }
        case "submit":
            // What was found while the answers were read is asked before anything leaves the kiosk.
            if let page = pageToAskAbout(includingPutOff: true) {
                stage = .scan(.question(page.id, goesOn: true))
                return []
            }
            return submit()
        default: break
        }
        return []
    }

    private mutating func actOnLookUp(_ action: ScreenAction, _ lookUp: LookUp) -> [JourneyEffect] {
        switch (action.action, lookUp) {
        case ("back", .asking), ("back", .searching):
            stage = .need
        case ("back", .found), ("again", .found):
            stage = .lookUp(.asking(notFound: nil))
        case ("finish", .found):
            return finish()
        case ("search", .asking):
            let code = (action.values?["code"] ?? "").trimmingCharacters(in: .whitespacesAndNewlines).uppercased()
            guard !code.isEmpty, code.count <= 64 else {
                notice = Screen.Notice(kind: .error, text: text("lookup.empty"))
                return []
            }
            stage = .lookUp(.searching(code: code))
            return [.lookUp(code: code)]
        default: break
        }
        return []
    }
}
