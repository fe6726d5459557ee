/// Sentences of the kind that stands on papers of the hall. All people and numbers are invented.
enum CorpusWords {
    static let sentences = [
        "Căn cứ Luật Hộ tịch ngày 20 tháng 11 năm 2014 và Nghị định số 123/2015/NĐ-CP của Chính phủ quy định chi tiết một số điều và biện pháp thi hành.",
        "Xét đề nghị của Trưởng phòng Tư pháp về việc giải quyết hồ sơ đăng ký khai sinh quá hạn cho trẻ em trên địa bàn xã.",
        "Người yêu cầu nộp hồ sơ trực tiếp tại Bộ phận Một cửa hoặc gửi qua dịch vụ bưu chính công ích, kèm theo bản sao có chứng thực.",
        "Ông Nguyễn Văn Thưởng và bà Đỗ Thị Ngọc Huyền cam đoan những lời khai trên đây là đúng sự thật và chịu trách nhiệm trước pháp luật.",
        "Thửa đất số 147, tờ bản đồ số 32, diện tích 1.250 mét vuông, mục đích sử dụng: đất trồng cây lâu năm, thời hạn đến năm 2043.",
        "Trường hợp hồ sơ chưa đầy đủ, cán bộ tiếp nhận hướng dẫn bằng văn bản để người dân bổ sung, hoàn thiện theo quy định.",
        "Phòng Văn hóa - Xã hội phối hợp với Trạm Y tế kiểm tra, xác nhận tình trạng khuyết tật của đối tượng đề nghị hưởng trợ cấp.",
        "Kể từ ngày 01 tháng 7 năm 2025, thẩm quyền giải quyết được chuyển từ cấp huyện về Ủy ban nhân dân cấp xã.",
        "Mức hỗ trợ hằng tháng là 750.000 đồng, chi trả trước ngày 10 qua tài khoản ngân hàng hoặc tại điểm giao dịch bưu điện.",
        "Hộ gia đình bà Rơ Châm H'Lan thường trú tại làng Kép, xã Ia Mơ Nông, có bốn nhân khẩu và thuộc diện hộ cận nghèo.",
        "Quyết định này có hiệu lực kể từ ngày ký; các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành.",
        "Giấy phép xây dựng nhà ở riêng lẻ được cấp khi thiết kế bảo đảm an toàn cho công trình lân cận và phù hợp quy hoạch.",
        "Đề nghị cấp lại giấy chứng nhận do bị ướt, rách trong đợt mưa lũ vừa qua; bản cũ được nộp kèm theo đơn này.",
        "Học sinh Phạm Quỳnh Như, lớp 9A, được chuyển đến Trường Trung học cơ sở Nguyễn Huệ từ học kỳ hai năm học 2025-2026.",
        "Nếu không đồng ý với kết quả giải quyết, người dân có quyền khiếu nại trong thời hạn chín mươi ngày kể từ ngày nhận được.",
    ]

    static let english = [
        "This certificate is issued at the request of the person named above and is valid for six months from the date of issue.",
        "The holder has completed the training course and fulfilled all requirements laid down in the regulations.",
        "Any alteration, erasure or addition makes this document invalid.",
    ]
}
