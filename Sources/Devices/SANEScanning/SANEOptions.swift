import CSANE
import DocumentScanner
import Foundation
import Peripherals

/// The options of an open scanner, by name. Descriptors are read anew each time: setting one may change the others.
struct SANEOptions {
    let handle: SANE_Handle

    /// More options than this no back end has.
    private static let countLimit = 1000

    private func find(_ name: String) -> (index: SANE_Int, descriptor: SANE_Option_Descriptor)? {
        var count: SANE_Int = 0
        guard sane_control_option(handle, 0, SANE_ACTION_GET_VALUE, &count, nil) == SANE_STATUS_GOOD else { return nil }
        for index in 1..<max(1, min(Int(count), Self.countLimit)) {
            guard let descriptor = sane_get_option_descriptor(handle, SANE_Int(index))?.pointee else { continue }
            let isActive = descriptor.cap & SANE_CAP_INACTIVE == 0
            if isActive, descriptor.type != SANE_TYPE_GROUP, SANELibrary.text(descriptor.name) == name {
                return (SANE_Int(index), descriptor)
            }
        }
        return nil
    }

    /// The values from which a text option is chosen; empty when there is no such option.
    func choices(_ name: String) -> [String] {
        guard let (_, descriptor) = find(name), descriptor.type == SANE_TYPE_STRING,
            descriptor.constraint_type == SANE_CONSTRAINT_STRING_LIST, let list = descriptor.constraint.string_list
        else { return [] }
        var choices: [String] = []
        while choices.count < 200, let choice = list[choices.count] { choices.append(String(cString: choice)) }
        return choices
    }

    /// A sensor or switch that the back end reports, for example `page-loaded`; nil when it has none.
    func flag(_ name: String) -> Bool? {
        guard let (index, descriptor) = find(name), descriptor.type == SANE_TYPE_BOOL else { return nil }
        var value: SANE_Bool = 0
        guard sane_control_option(handle, index, SANE_ACTION_GET_VALUE, &value, nil) == SANE_STATUS_GOOD else {
            return nil
        }
        return value != 0
    }

    /// A single number in the option's own unit; nil when there is no such option.
    func number(_ name: String) -> (value: Double, unit: SANE_Unit)? {
        guard let (index, descriptor) = find(name), isNumber(descriptor),
            descriptor.size == MemoryLayout<SANE_Word>.size
        else { return nil }
        var word: SANE_Word = 0
        guard sane_control_option(handle, index, SANE_ACTION_GET_VALUE, &word, nil) == SANE_STATUS_GOOD else {
            return nil
        }
        return (value(word, of: descriptor), descriptor.unit)
    }

    /// The unit of a number option; nil when there is no such option.
    func unit(_ name: String) -> SANE_Unit? { find(name)?.descriptor.unit }

    /// The numbers from which a number option is chosen, or the lowest and the highest of its range; at most 200. nil
    /// when there is no such option, or when it takes any number.
    func numbers(_ name: String) -> (values: [Double], isRange: Bool)? {
        guard let (_, descriptor) = find(name), isNumber(descriptor) else { return nil }
        switch descriptor.constraint_type {
        case SANE_CONSTRAINT_RANGE:
            guard let range = descriptor.constraint.range?.pointee else { return nil }
            return ([value(range.min, of: descriptor), value(range.max, of: descriptor)], true)
        case SANE_CONSTRAINT_WORD_LIST:
            guard let list = descriptor.constraint.word_list, list[0] > 0 else { return nil }
            return ((1...min(Int(list[0]), 200)).map { value(list[$0], of: descriptor) }.sorted(), false)
        default: return nil
        }
    }

    /// The largest value of a length in millimetres; nil when the scanner does not say.
    func millimetres(_ name: String) -> Int? {
        guard let unit = unit(name), let highest = numbers(name)?.values.last else { return nil }
        let dots = number("resolution")?.value ?? 0
        let length = unit == SANE_UNIT_PIXEL ? (dots > 0 ? highest / dots * 25.4 : 0) : highest
        return (1...100_000).contains(length) ? Int(length.rounded()) : nil
    }

    /// Whether the scanner lets the option be set now.
    func isSettable(_ name: String) -> Bool { find(name).map { isSettable($0.descriptor) } ?? false }

    /// Sets a text.
    ///
    /// - Returns: whether the scanner has the option and took the value.
    @discardableResult
    func set(_ name: String, text: String) -> Bool {
        guard let (index, descriptor) = find(name), descriptor.type == SANE_TYPE_STRING, isSettable(descriptor),
            (1...65_536).contains(descriptor.size), text.utf8.count < Int(descriptor.size)
        else { return false }
        var bytes = [UInt8](repeating: 0, count: Int(descriptor.size))
        bytes.replaceSubrange(0..<text.utf8.count, with: text.utf8)
        return sane_control_option(handle, index, SANE_ACTION_SET_VALUE, &bytes, nil) == SANE_STATUS_GOOD
    }

    /// Sets a number, replaced by the nearest that the option allows.
    @discardableResult
    func set(_ name: String, number: Double) -> Bool {
        guard let (index, descriptor) = find(name), isNumber(descriptor), isSettable(descriptor),
            descriptor.size == MemoryLayout<SANE_Word>.size
        else { return false }
        var word = nearest(number, in: descriptor)
        return sane_control_option(handle, index, SANE_ACTION_SET_VALUE, &word, nil) == SANE_STATUS_GOOD
    }

    /// Sets an option of any kind from text, as a quirk names it.
    func set(_ name: String, to text: String) -> Bool {
        guard let (index, descriptor) = find(name) else { return false }
        switch descriptor.type {
        case SANE_TYPE_STRING: return set(name, text: text)
        case SANE_TYPE_INT, SANE_TYPE_FIXED:
            return Double(text).map { $0.isFinite && set(name, number: $0) } ?? false
        case SANE_TYPE_BOOL:
            guard ["yes", "no", "true", "false"].contains(text), isSettable(descriptor) else { return false }
            var value: SANE_Bool = text == "yes" || text == "true" ? 1 : 0
            return sane_control_option(handle, index, SANE_ACTION_SET_VALUE, &value, nil) == SANE_STATUS_GOOD
        default: return false
        }
    }

    private func isSettable(_ descriptor: SANE_Option_Descriptor) -> Bool {
        descriptor.cap & SANE_CAP_SOFT_SELECT != 0
    }

    private func isNumber(_ descriptor: SANE_Option_Descriptor) -> Bool {
        descriptor.type == SANE_TYPE_INT || descriptor.type == SANE_TYPE_FIXED
    }

    private func value(_ word: SANE_Word, of descriptor: SANE_Option_Descriptor) -> Double {
        descriptor.type == SANE_TYPE_FIXED ? Double(word) / 65_536 : Double(word)
    }

    private func word(_ value: Double, of descriptor: SANE_Option_Descriptor) -> SANE_Word {
        let scaled = descriptor.type == SANE_TYPE_FIXED ? value * 65_536 : value
        return SANE_Word(max(-2_147_483_648, min(2_147_483_647, scaled.rounded())))
    }

    private func nearest(_ number: Double, in descriptor: SANE_Option_Descriptor) -> SANE_Word {
        let wanted = word(number, of: descriptor)
        switch descriptor.constraint_type {
        case SANE_CONSTRAINT_RANGE:
            guard let range = descriptor.constraint.range?.pointee else { return wanted }
            return max(range.min, min(range.max, wanted))
        case SANE_CONSTRAINT_WORD_LIST:
            guard let list = descriptor.constraint.word_list, list[0] > 0 else { return wanted }
            let words = (1...min(Int(list[0]), 10_000)).map { list[$0] }.sorted()
            // Rather too fine than too coarse for a paper of record.
            return words.first { $0 >= wanted } ?? words.last ?? wanted
        default: return wanted
        }
    }
}
