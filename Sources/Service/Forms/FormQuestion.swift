/// One question of a form as it stands now: everything a screen needs to draw it, in the session's language.
public struct FormQuestion: Sendable, Equatable {
    /// What the person works with.
    public enum Control: String, Sendable, Codable, CaseIterable {
        case text, longText, integer, decimal, date, selectOne, selectMultiple
        /// Only a text to read; has no value.
        case note
    }

    /// The node's absolute path in the instance, for example `/data/child/full_name`. Stable: use it as a name.
    public var path: String
    public var label: String
    public var hint: String?
    /// Longer help, shown on demand (XLSForm's `guidance_hint`).
    public var guidance: String?
    public var control: Control
    /// Dates are ISO 8601 `yyyy-MM-dd`; several selected options are joined by spaces. A text that could not be
    /// understood stays as it was typed, with `problem` set.
    public var value: String
    public var required: Bool
    public var readOnly: Bool
    /// The options that may be chosen now (choice filters applied); empty for other controls.
    public var options: [FormOption]
    /// What is wrong with the value. Set after the question was answered or its page was validated, and gone as soon
    /// as the value is good.
    public var problem: FormProblem?
    /// XLSForm's appearance words, for example `minimal`, `numbers`.
    public var appearance: Set<String>
    /// The external secondary instance that gave the present value, for example `citizen`; nil once a person changed it.
    public var origin: String?
}

/// A choice of a select question.
public struct FormOption: Sendable, Equatable {
    public var value: String
    public var label: String
    public var isSelected: Bool
}

/// Why a value is not accepted.
public struct FormProblem: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Nothing was answered where an answer is needed.
        case required
        /// The form's own rule says no.
        case constraint
        case notAnInteger = "not-an-integer"
        case notADecimal = "not-a-decimal"
        case notADate = "not-a-date"
        case notAnOption = "not-an-option"
        case tooLong = "too-long"
        case readOnly = "read-only"
        case unknownQuestion = "unknown-question"
    }

    public var path: String
    public var kind: Kind
    /// The form's own message in the session's language; nil where the form has none: show the locale text
    /// `form.problem.<kind>` then.
    public var message: String?
}

/// What stands on one screen: a `field-list` group, or a single question outside of one. Only relevant questions.
public struct FormPage: Sendable, Equatable, Identifiable {
    /// The path of the group or of the single question. Stable while answers change.
    public var id: String
    /// The group's label; nil where there is none.
    public var title: String?
    public var questions: [FormQuestion]
}

/// A line of the summary: a relevant question that has an answer.
public struct FormAnswer: Sendable, Equatable {
    public var path: String
    /// The page that holds the question, to go back and change it.
    public var page: String
    public var label: String
    /// As in the instance: ISO dates, option names.
    public var value: String
    /// For people: option labels, dates as `dd/MM/yyyy`.
    public var displayValue: String
    public var readOnly: Bool
    public var origin: String?
}

/// A language of a form. XLSForm's `label::Tiếng Việt (vi)` gives code `vi` and name `Tiếng Việt`.
public struct FormLanguage: Sendable, Equatable {
    /// BCP 47.
    public var code: String
    public var name: String
    public var isDefault: Bool
}
