import Foundation
import Testing

@testable import Procedures

@Suite("A paper is told by its words")
struct PaperWordsTests {
    /// Words that stand on any form, so that a text is long enough to be judged.
    static let body = String(
        repeating: "cộng hòa xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc họ tên ngày tháng năm nơi cư trú ",
        count: 2)

    private func words(_ phrases: String...) throws -> PaperWords { try #require(PaperWords(phrases)) }

    @Test(
        "accents, case, torn and joined words and misread letters do not count",
        arguments: [
            "GIẤY CHỨNG SINH", "giay chung sinh", "Giấy chứng\nsinh", "GIẤYCHỨNG SINH", "GIẤY CH ỨNG SINH",
            "Giấy chúmg sinh", "G1ẤY CHỨNG S1NH", "«GIẤY-CHỨNG-SINH»",
            "giấy chứng sinh".decomposedStringWithCanonicalMapping,
        ])
    func fits(_ title: String) throws {
        let paper = try words("giấy chứng sinh")
        #expect(paper.verdict(on: "Bệnh viện \(title) Số 12", confidence: 70) == .fits)
        #expect(paper.verdict(on: title, confidence: 0) == .fits, "a short text and a poor one, too")
    }

    @Test(
        "another paper is not it, though its name begins alike",
        arguments: [
            "GIẤY CHỨNG TỬ", "GIẤY KHAI SINH", "GIẤY CHỨNG NHẬN KẾT HÔN", "GIẤY BÁO TỬ", "ĐƠN XIN XÁC NHẬN",
            "giấy khám sức khỏe", "SINH CHỨNG GIẤY",
        ])
    func another(_ title: String) throws {
        #expect(try words("giấy chứng sinh").verdict(on: "\(title) \(Self.body)", confidence: 90) == .another)
    }

    @Test("any one of the phrases is enough")
    func anyPhrase() throws {
        let paper = try words("giấy chứng sinh", "người đỡ đẻ")
        #expect(paper.verdict(on: "\(Self.body) NGƯỜI ĐỠ ĐẺ", confidence: 90) == .fits)
    }

    @Test("nothing is said of a short text, of one that was read badly, and of a paper that nothing is known of")
    func unknown() throws {
        let paper = try words("giấy chứng sinh")
        #expect(paper.verdict(on: "", confidence: 100) == .unknown)
        #expect(paper.verdict(on: "GIẤY KHAI SINH Số 1", confidence: 95) == .unknown)
        #expect(paper.verdict(on: Self.body, confidence: 60) == .unknown, "what an upside-down page has")
        #expect(paper.verdict(on: String(repeating: "| . a ~ ", count: 500), confidence: 95) == .unknown)
        #expect(PaperWords.none.verdict(on: Self.body, confidence: 100) == .unknown)
    }

    @Test("a text without end is read only as far as a page goes")
    func endless() throws {
        let text = String(repeating: "nghĩa ", count: 50_000) + "giấy chứng sinh"
        #expect(try words("giấy chứng sinh").verdict(on: text, confidence: 90) == .another)
    }

    @Test("a phrase that would be found anywhere is refused, and so is one too many")
    func limits() {
        #expect(PaperWords(["giấy"]) == nil)
        #expect(PaperWords(["..."]) == nil)
        #expect(PaperWords([String(repeating: "a", count: 61)]) == nil)
        #expect(PaperWords([]) == PaperWords.none)
        #expect(PaperWords(Array(repeating: "tờ khai", count: PaperWords.phraseLimit)) != nil)
        #expect(PaperWords(Array(repeating: "tờ khai", count: PaperWords.phraseLimit + 1)) == nil)
    }
}
