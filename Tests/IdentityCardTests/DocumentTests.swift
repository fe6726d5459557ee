import CardCryptography
import Peripherals
import Testing

@testable import IdentityCard

@Suite("What the card's files and print say")
struct DocumentTests {
    static let lines = [
        "IDVNM0901234562001090123456<<3", "9001011M3001019VNM<<<<<<<<<<<4", "NGUYEN<<VAN<A<<<<<<<<<<<<<<<<<",
    ]
    static let group13 = hex(
        """
        6D82018E3082018A020101060628D3160100083182017B3011020101130C30303130393031323334353630140201020C0F4E677579E1BB85
        6E2056C4836E2041300F020103130A30312F30312F3139393030080201040C034E616D300F0201050C0A5669E1BB8774204E616D30090201
        060C044B696E68300B0201070C064B68C3B46E6730250201080C205068C6B0E1BB9D6E6720582C205175E1BAAD6E20592C2048C3A0204EE1
        BB996930360201090C3153E1BB9120312C205068E1BB91205A2C205068C6B0E1BB9D6E6720582C205175E1BAAD6E20592C2048C3A0204EE1
        BB9969303502010A0C304EE1BB9174207275E1BB936920433A2031636D207472C3AA6E2073617520C49175C3B469206DE1BAAF74207472C3
        A169300F02010B130A30322F30352F32303231300F02010C0C0A30312F30312F32303330302802010D30110C0F4E677579E1BB856E2056C4
        836E204230100C0E5472E1BAA76E205468E1BB8B2043300302010E300E02010F130930313233343536373830150201101310303132333435
        36373839414243444546
        """)

    @Test("the synthetic machine-readable zone, its personal number and its key")
    func zone() throws {
        let mrz = try MRZ(lines: Self.lines)
        #expect(mrz.personalNumber?.digits == "001090123456")
        #expect(mrz.documentNumber == "090123456")
        #expect(mrz.dateOfBirth == "900101" && mrz.sex == "M" && mrz.dateOfExpiry == "300101")
        #expect(mrz.surname == "NGUYEN" && mrz.givenNames == "VAN A")
        #expect(mrz.keyInput == "090123456290010113001019")
        #expect(
            try HashFunction.sha1.hash(Array(mrz.keyInput.utf8)) == hex("7c982411e7bfc7420e579dcc18d88af838fb9bde"))
    }

    @Test("a misread character is noticed by a check digit, wherever a check digit covers it")
    func misread() {
        let text = Array(Self.lines.joined().utf8)
        for index in Array(5..<30) + Array(30..<37) + Array(38..<45) {
            var bad = text
            bad[index] = bad[index] == 0x37 ? 0x38 : 0x37
            #expect(throws: MRZ.Failure.self) { try MRZ(bytes: bad) }
        }
        #expect(throws: MRZ.Failure.layout) { try MRZ(lines: ["A", "B"]) }
        #expect(throws: MRZ.Failure.layout) { try MRZ(bytes: [UInt8](repeating: 0x61, count: 90)) }
    }

    @Test("a document number of more than nine characters goes on in the optional data (ICAO 9303-5, 4.2.4)")
    func longNumber() throws {
        let mrz = try MRZ(lines: [
            "I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<",
        ])
        #expect(mrz.documentNumber == "D23145890734")
        #expect(mrz.personalNumber == nil)
    }

    @Test("the synthetic DG13, all fields")
    func dataGroup13() throws {
        #expect(Self.group13.count == 402)
        #expect(
            try HashFunction.sha256.hash(Self.group13)
                == hex("5ce90316f83cddfdddb649280f5b351d07ca51fa577dd615fd90e5b09fa13a4b"))
        let group = try DataGroup13(Self.group13)
        let citizen = try Citizen(try MRZ(lines: Self.lines), group)
        #expect(
            citizen
                == Citizen(
                    number: "001090123456", fullName: "Nguyễn Văn A",
                    dateOfBirth: try #require(CalendarDate(iso: "1990-01-01")), sex: "Nam", nationality: "Việt Nam",
                    ethnicity: "Kinh", religion: "Không", placeOfOrigin: "Phường X, Quận Y, Hà Nội",
                    placeOfResidence: "Số 1, Phố Z, Phường X, Quận Y, Hà Nội",
                    dateOfIssue: CalendarDate(iso: "2021-05-02"), dateOfExpiry: CalendarDate(iso: "2030-01-01"),
                    father: "Nguyễn Văn B", mother: "Trần Thị C", spouse: nil, formerNumber: "012345678"))
        #expect(group.text(.serial) == "0123456789ABCDEF")
    }

    @Test("DG13: any order, other string type, both forms of parents, unknown numbers kept, missing fields")
    func tolerance() throws {
        func field(_ number: UInt8, _ value: [UInt8]) -> [UInt8] {
            TLV.encode(0x30, TLV.encode(0x02, [number]) + value)
        }
        func text(_ tag: UInt32, _ string: String) -> [UInt8] { TLV.encode(tag, Array(string.utf8)) }
        let parents = TLV.encode(0x30, text(0x0C, "Cha") + text(0x0C, "Mẹ"))
        // "e" with two combining marks: decomposed on the card, composed in the citizen.
        let fields =
            field(12, text(0x13, "Không thời hạn")) + field(13, parents) + field(77, text(0x0C, "?"))
            + field(2, text(0x13, "Nguye\u{0302}\u{0303}n")) + field(14, [])
        let head = TLV.encode(0x02, [1]) + TLV.encode(0x06, hex("28D316010008"))
        let group = try DataGroup13(TLV.encode(0x6D, TLV.encode(0x30, head + TLV.encode(0x31, fields))))
        #expect(group.father == "Cha" && group.mother == "Mẹ")
        #expect(group.date(.dateOfExpiry) == nil)
        #expect(group.text(.fullName)?.unicodeScalars.count == 6)
        #expect(group.text(.spouse) == nil && group.text(.number) == nil)
        #expect(group.unknown[77] == text(0x0C, "?"))
    }

    private func group(_ fields: [(Int, [UInt8])]) throws -> DataGroup13 {
        let entries = fields.flatMap { number, value in
            TLV.encode(0x30, TLV.encode(0x02, number < 128 ? [UInt8(number)] : [0, UInt8(number)]) + value)
        }
        let head = TLV.encode(0x02, [1]) + TLV.encode(0x06, hex("28D316010008"))
        return try DataGroup13(TLV.encode(0x6D, TLV.encode(0x30, head + TLV.encode(0x31, entries))))
    }

    private func text(_ string: String, _ tag: UInt32 = 0x0C) -> [UInt8] { TLV.encode(tag, Array(string.utf8)) }

    @Test("a parent whose place is empty stays empty: the mother does not become the father")
    func missingParent() throws {
        let mother = TLV.encode(0x30, text("Mẹ"))
        for father in [TLV.encode(0x30, []), TLV.encode(0x30, text("")), TLV.encode(0x05, [])] {
            let group = try group([(13, father + mother)])
            #expect(group.father == nil && group.mother == "Mẹ")
        }
        let pair = try group([(13, TLV.encode(0x30, text("") + text("Mẹ", 0x13)))])
        #expect(pair.father == nil && pair.mother == "Mẹ")
        #expect(try group([(13, TLV.encode(0x30, text("Cha")))]).mother == nil)
        #expect(try group([(13, [])]).father == nil)
    }

    @Test("the former number stands in field 15, on some cards in 16, and has nine digits")
    func formerNumber() throws {
        #expect(
            try group([(15, text("012345678", 0x13)), (16, text("0123456789ABCDEF", 0x13))]).formerNumber == "012345678"
        )
        #expect(try group([(15, text("0123456789ABCDEF")), (16, text("012345678"))]).formerNumber == "012345678")
        #expect(try group([(15, []), (16, text("0123456789ABCDEF"))]).formerNumber == nil)
    }

    @Test("long lengths, numbers above 127, fields that come twice: the first counts")
    func odd() throws {
        let long = String(repeating: "Đ", count: 20_000)
        let group = try group([(10, text(long)), (200, text("x")), (2, text("Một")), (2, text("Hai"))])
        #expect(group.text(.identifyingFeatures)?.count == 20_000)
        #expect(group.unknown[200] == text("x") && group.text(.fullName) == "Một")
    }

    @Test(
        "dates are days that exist",
        arguments: ["1/1/1990", "31/02/1990", "01/01/90", "+1/01/1990", "01//1990", "Không thời hạn"])
    func noDate(_ value: String) throws {
        #expect(try group([(3, text(value))]).date(.dateOfBirth) == nil)
    }

    @Test("a number that contradicts the day of birth or the sex is refused, by name and without data")
    func contradiction() throws {
        let mrz = try MRZ(lines: Self.lines)
        let number = text("001090123456", 0x13)
        let cases: [([(Int, [UInt8])], String?)] = [
            ([(1, number), (3, text("01/01/1990")), (4, text("Nam"))], nil),
            ([(1, number), (3, text("01/01/1991")), (4, text("Nam"))], "year of birth"),
            ([(1, number), (3, text("01/01/1990")), (4, text("Nữ"))], "sex"),
            ([(1, number), (4, text("Nữ", 0x13))], "sex"), ([], nil),
        ]
        for (fields, contradiction) in cases {
            let group = try group(fields)
            if let contradiction {
                #expect(throws: CardReadError.unreadable("the number contradicts the \(contradiction)")) {
                    try Citizen(mrz, group)
                }
            } else {
                #expect(try Citizen(mrz, group).dateOfExpiry == CalendarDate(iso: "2030-01-01"))
            }
        }
    }

    @Test("bytes 02 01 02 inside a name do not begin a field")
    func bytesInsideNames() throws {
        var bytes = Self.group13
        let name = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("Nguyễn Văn A".utf8)) })
        bytes.replaceSubrange(name..<name + 3, with: [2, 1, 2])
        #expect(try DataGroup13(bytes).text(.dateOfBirth) == "01/01/1990")
    }

    @Test("a file cut anywhere is an error, never a crash")
    func truncated() {
        for length in 0..<Self.group13.count {
            #expect(throws: DataGroup13.Failure.self) { try DataGroup13(Array(Self.group13.prefix(length))) }
        }
    }

    @Test("length bombs and endless tags are refused")
    func bombs() {
        for text in ["3084FFFFFFFF00", "30850000000001", "3080", "1FFFFFFFFFFF01", "30", "", "308200"] {
            #expect(throws: TLV.Failure.self) { try TLV(hex(text), tag: 0x30) }
        }
        let many = [UInt8](repeating: 0, count: 2 * (TLV.objectLimit + 1))
        #expect(throws: TLV.Failure.tooManyObjects) { try TLV.all(in: many[...]) }
    }

    @Test("EF.CardAccess as on every card seen: PACE is the third entry")
    func cardAccess() throws {
        let bytes = hex(
            """
            3134300D060804007F0007020202020101300F060A04007F000702020302020201013012060A04007F0007020204020202010202010D
            """)
        #expect(try CardAccessFile(bytes).pace == CardAccessFile.usual.pace)
    }

    @Test("a read block steps down and stays down")
    func blockSize() {
        var block = BlockSize(extended: 1000, short: 223)
        #expect(block.current == 1000)
        #expect(block.stepDown() && block.current == 223)
        block.limit(to: 200)
        #expect(block.current == 200)
        #expect(block.stepDown() && block.current == 192)
        #expect(block.stepDown() && block.stepDown() && !block.stepDown())
        #expect(block.current == 96)
    }
}
