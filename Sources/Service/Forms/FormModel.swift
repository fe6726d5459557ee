/// A loaded form: nothing in it changes, everything in it was checked.
struct FormModel: Sendable {
    /// The instance's elements in document order; the first one is the root.
    var nodes: [FormNode]
    /// Indices by absolute path.
    var index: [String: Int]
    /// Nodes in an order in which each comes after all that it depends on.
    var order: [Int] = []
    var instances: [String: MarkupElement]
    /// Texts by language code, then by id.
    var texts: [String: [String: FormTexts]]
    /// Done once, when a session begins.
    var firstLoad: [FormSetValue] = []
    var body: [FormBodyItem] = []
    /// Controls by the index of their node.
    var controls: [Int: FormControl] = [:]
}

/// An element of the instance, with what its bind says.
struct FormNode: Sendable {
    var path: String
    var name: String
    var parent: Int?
    var children: [Int] = []
    var initial: String
    var attributes: [String: String]
    var line: Int
    var bind = FormBind()
}

struct FormBind: Sendable {
    enum ValueType: String, Sendable, CaseIterable {
        case string, int, decimal, date, dateTime, boolean
    }
    enum Preload: Sendable { case uid, today, start, end }

    var type = ValueType.string
    var relevant: XPathExpression?
    var required: XPathExpression?
    var readOnly: XPathExpression?
    var constraint: XPathExpression?
    var calculate: XPathExpression?
    var requiredMessage: FormText?
    var constraintMessage: FormText?
    var preload: Preload?
}

/// `setvalue`: a value given by an event.
struct FormSetValue: Sendable {
    var target: Int
    /// An expression, or the literal text in `text`.
    var value: XPathExpression?
    var text: String
}

/// A text of the form: by id in the present language, or written on the spot.
enum FormText: Sendable {
    case itext(String)
    case inline([FormTextPart])
}

enum FormTextPart: Sendable {
    case text(String)
    case output(XPathExpression)
}

/// The forms of one text (`value` elements of one `text`).
struct FormTexts: Sendable {
    var plain: [FormTextPart]
    var guidance: [FormTextPart]?
}

indirect enum FormBodyItem: Sendable {
    case group(FormGroup)
    case control(FormControl)
}

struct FormGroup: Sendable {
    /// The group's node; nil for a group of appearance only.
    var node: Int?
    var label: FormText?
    var isFieldList: Bool
    var items: [FormBodyItem]
    var line: Int
}

struct FormControl: Sendable {
    enum Kind: Sendable { case input, selectOne, selectMultiple }
    enum Choices: Sendable {
        case items([(value: String, label: FormText)])
        case itemset(nodes: XPathExpression, value: String, label: String, isText: Bool)
    }

    var node: Int
    var kind: Kind
    var label: FormText?
    var hint: FormText?
    var appearance: Set<String>
    var choices: Choices?
    /// Done when a person changes the value.
    var changes: [FormSetValue]
}
