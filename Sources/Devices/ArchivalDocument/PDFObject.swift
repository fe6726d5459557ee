import Foundation

/// An object of a PDF file (ISO 32000-1, 7.3), in the form of version 2 of qpdf's JSON, from which libqpdf makes the file.
indirect enum PDFObject: Encodable, Sendable, Equatable {
    case boolean(Bool)
    case integer(Int)
    case real(Double)
    /// Without the slash.
    case name(String)
    case text(String)
    case array([PDFObject])
    case dictionary([String: PDFObject])
    /// An indirect object, by number.
    case reference(Int)

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .real(let value): try container.encode((value * 1_000).rounded() / 1_000)
        case .name(let name): try container.encode("/" + name)
        case .text(let text): try container.encode("u:" + text)
        case .array(let items): try container.encode(items)
        case .dictionary(let entries):
            try container.encode(Dictionary(uniqueKeysWithValues: entries.map { ("/" + $0.key, $0.value) }))
        case .reference(let number): try container.encode("\(number) 0 R")
        }
    }
}

/// A stream's dictionary and where its bytes come from, coded as its `Filter` says.
struct PDFStream: Encodable, Sendable, Equatable {
    enum Source: Sendable, Equatable {
        case bytes(Data)
        /// Read when the document is written, so that its pictures are never in memory together.
        case file(URL)
    }

    var dictionary: [String: PDFObject]
    var source: Source

    private enum Key: String, CodingKey { case dict, data, datafile }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(PDFObject.dictionary(dictionary), forKey: .dict)
        switch source {
        case .bytes(let bytes): try container.encode(bytes, forKey: .data)
        case .file(let file): try container.encode(file.path, forKey: .datafile)
        }
    }
}

/// The numbered objects of a file.
struct PDFObjects: Encodable, Sendable, Equatable {
    private enum Entry: Encodable, Sendable, Equatable {
        case value(PDFObject)
        case stream(PDFStream)

        private enum Key: String, CodingKey { case value, stream }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            switch self {
            case .value(let object): try container.encode(object, forKey: .value)
            case .stream(let stream): try container.encode(stream, forKey: .stream)
            }
        }
    }

    private var entries: [Entry?] = []
    var root = 0
    var information: Int?

    /// A number for an object that others name before it is there; ``set(_:_:)`` fills it.
    mutating func reserve() -> Int {
        entries.append(nil)
        return entries.count
    }

    mutating func set(_ number: Int, _ object: PDFObject) { entries[number - 1] = .value(object) }

    mutating func add(_ object: PDFObject) -> Int {
        entries.append(.value(object))
        return entries.count
    }

    mutating func add(_ stream: PDFStream) -> Int {
        entries.append(.stream(stream))
        return entries.count
    }

    private struct Header: Encodable {
        var jsonversion = 2
        /// PDF/A-2 builds on PDF 1.7 (ISO 19005-2, 6.1.2).
        var pdfversion = "1.7"
        var maxobjectid: Int
        var pushedinheritedpageresources = false
        var calledgetallpages = false
    }

    private enum Key: String, CodingKey { case qpdf }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        var pair = container.nestedUnkeyedContainer(forKey: .qpdf)
        try pair.encode(Header(maxobjectid: entries.count))
        var objects: [String: Entry] = [:]
        for (index, entry) in entries.enumerated() { objects["obj:\(index + 1) 0 R"] = entry }
        var trailer: [String: PDFObject] = ["Root": .reference(root), "Size": .integer(entries.count + 1)]
        trailer["Info"] = information.map(PDFObject.reference)
        objects["trailer"] = .value(.dictionary(trailer))
        try pair.encode(objects)
    }
}
