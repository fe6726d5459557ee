/// The simulator's people. Names, numbers and addresses are invented.
extension SyntheticCitizen {
    public static let all = [nguyenVanA, roChamLan, phamVanTho, dinhThiMai, tranMinhKhoi, leQuangBac]

    public static func named(_ id: String) -> SyntheticCitizen? { all.first { $0.id == id } }

    /// Whose zone, QR code and DG13 are known byte for byte.
    public static let nguyenVanA = SyntheticCitizen(
        id: "nguyen-van-a", number: "001090123456", formerNumber: "012345678", fullName: "Nguyễn Văn A",
        dateOfBirth: "01011990", sex: "Nam", ethnicity: "Kinh", religion: "Không",
        placeOfOrigin: "Phường X, Quận Y, Hà Nội", placeOfResidence: "Số 1, Phố Z, Phường X, Quận Y, Hà Nội",
        features: "Nốt ruồi C: 1cm trên sau đuôi mắt trái", dateOfIssue: "02052021", dateOfExpiry: "01012030",
        father: "Nguyễn Văn B", mother: "Trần Thị C", spouse: nil, serial: "0123456789ABCDEF", layout: .card2021,
        chip: .paceAndBasicAccess)

    /// A mother who registers a birth; ethnic Jrai.
    public static let roChamLan = SyntheticCitizen(
        id: "ro-cham-lan", number: "064198001234", formerNumber: "231000111", fullName: "Rơ Châm H'Lan",
        dateOfBirth: "20081998", sex: "Nữ", ethnicity: "Gia Rai", religion: "Không",
        placeOfOrigin: "Làng Một, Xã Hai, Gia Lai", placeOfResidence: "Làng Một, Xã Hai, Gia Lai",
        features: "Sẹo chấm C: 2cm trên trước đầu mày phải", dateOfIssue: "15032022", dateOfExpiry: "20082038",
        father: "Siu Bình", mother: "Rơ Châm H'Phương", spouse: "Kpă Sơn", serial: "1000000000000001",
        layout: .card2021, chip: .paceAndBasicAccess, signature: .ecdsa(.nistP256, .sha256))

    /// Over 60: the card does not expire.
    public static let phamVanTho = SyntheticCitizen(
        id: "pham-van-tho", number: "052055000789", formerNumber: "210000222", fullName: "Phạm Văn Thọ",
        dateOfBirth: "10031955", sex: "Nam", ethnicity: "Kinh", religion: "Phật giáo",
        placeOfOrigin: "Xã Ba, Bình Định", placeOfResidence: "Thôn Bốn, Xã Ba, Gia Lai", features: "Không",
        dateOfIssue: "10112021", dateOfExpiry: nil, father: "Phạm Văn Lâu", mother: "Lê Thị Xưa",
        spouse: "Võ Thị Bền", serial: "1000000000000002", layout: .card2021, chip: .paceAndBasicAccess,
        signature: .rsa(bits: 2048, .sha256))

    /// A young mother with the card of 2024, whose photograph is JPEG 2000.
    public static let dinhThiMai = SyntheticCitizen(
        id: "dinh-thi-mai", number: "064301005678", formerNumber: nil, fullName: "Đinh Thị Mai",
        dateOfBirth: "05112001", sex: "Nữ", ethnicity: "Ba Na", religion: "Công giáo",
        placeOfOrigin: "Xã Năm, Gia Lai", placeOfResidence: "Tổ 6, Phường Bảy, Gia Lai", features: "Không",
        dateOfIssue: "20092024", dateOfExpiry: "05112026", father: "Đinh Văn Tám", mother: "Y Chín",
        spouse: "Trần Minh Mười", serial: "1000000000000003", layout: .card2024, chip: .paceAndBasicAccess,
        portrait: Portrait(.jpeg2000))

    /// A child of nine; the QR code names the parents.
    public static let tranMinhKhoi = SyntheticCitizen(
        id: "tran-minh-khoi", number: "052216004567", formerNumber: nil, fullName: "Trần Minh Khôi",
        dateOfBirth: "30062016", sex: "Nam", ethnicity: "Kinh", religion: "Không", placeOfOrigin: "Xã Ba, Gia Lai",
        placeOfResidence: "Tổ 6, Phường Bảy, Gia Lai", features: "Không", dateOfIssue: "12032025",
        dateOfExpiry: "30062030", father: "Trần Minh Mười", mother: "Đỗ Thị Én", spouse: nil,
        serial: "1000000000000004", layout: .card2024, chip: .paceAndBasicAccess)

    /// A chip that knows basic access control only.
    public static let leQuangBac = SyntheticCitizen(
        id: "le-quang-bac", number: "052085006543", formerNumber: "210000333", fullName: "Lê Quang Bắc",
        dateOfBirth: "17071985", sex: "Nam", ethnicity: "Kinh", religion: "Không", placeOfOrigin: "Xã Ba, Bình Định",
        placeOfResidence: "Thôn Hai, Xã Ba, Gia Lai", features: "Không", dateOfIssue: "01062021",
        dateOfExpiry: "17072025", father: "Lê Quang Đông", mother: "Ngô Thị Tây", spouse: "Hồ Thị Nam",
        serial: "1000000000000005", layout: .card2021, chip: .basicAccessOnly)
}
