import Foundation
import Testing

@testable import Forms

@Suite("XPath with ODK's functions")
struct ExpressionTests {
    /// What a calculation gives with a = "5", b = "2026-11-24", c = "x y z", g/x = "" and the card of a synthetic person.
    private func result(_ expression: String, type: String = "string") throws -> String {
        let form = try House.form(
            House.xform(
                binds: """
                    <bind nodeset="/data/b" type="date"/>
                    <bind nodeset="/data/g/y" type="\(type)" calculate="\(House.attribute(expression))"/>
                    """,
                body: ["a", "b", "c"].map { #"<input ref="/data/\#($0)"><label>L</label></input>"# }.joined()))
        var session = House.session(form, citizen: try House.citizen())
        session.answer("/data/a", "5")
        session.answer("/data/b", "2026-11-24")
        session.answer("/data/c", "x y z")
        #expect(session.faults.isEmpty)
        return session.values["/data/g/y"] ?? ""
    }

    @Test(
        "gives what the specification says",
        arguments: [
            // Operators and precedence
            ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 mod 4", "3"), ("7 div 2", "3.5"), ("-/data/a", "-5"),
            ("- -1", "1"), ("1 < 2 and 2 < 1 or true()", "true"), ("/data/a = 5", "true"), ("/data/a != '5'", "false"),
            ("/data/a div 0", "Infinity"), ("2*-1", "-2"),
            // Paths
            ("../x", ""), ("../../a", "5"), ("instance('list')/root/*[1]/name", "one"),
            ("count(instance('list')//*)", "9"), ("current()/../../a", "5"),
            ("count(/data/a | /data/c)", "2"), ("/data/a[. = 5]", "5"),
            ("instance('list')/root/item[name = 'two']/n", "2"),
            ("instance('list')/root/item[n = /data/a - 4]/name", "one"),
            ("count(instance('list')/root/item)", "2"), ("sum(instance('list')/root/item/n)", "3"),
            ("instance('list')/root/item[position() = 2]/label", "Two"), ("instance('list')/root/item[2]/name", "two"),
            ("instance('citizen')/root/full_name", "Nguyễn Văn A"), ("instance('citizen')/root/sex", "male"),
            ("instance('citizen')/root/father", ""),
            // Dates are days
            ("today()", "2026-11-25"), ("now()", "2026-11-25T03:00:00.000+07:00"), ("today() - /data/b", "1"),
            ("/data/b < today()", "true"), ("/data/b >= today()", "false"), ("/data/b = today() - 1", "true"),
            ("date(today() + 10)", "2026-12-05"), ("date('2026-02-28') + 1 = date('2026-03-01')", "true"),
            ("format-date(/data/b, '%d/%m/%Y')", "24/11/2026"), ("format-date(/data/b, '%e.%n.%y %%')", "24.11.26 %"),
            ("format-date-time(now(), '%H:%M:%S')", "03:00:00"), ("format-date('', '%Y')", ""),
            ("format-date(decimal-date-time('1970-01-02'), '%Y-%m-%d')", "1970-01-02"),
            ("decimal-date-time('1970-01-02T12:00:00')", "1.5"), ("date('no')", ""), ("/data/g/x < today()", "false"),
            // Conditions
            ("if(/data/a > 3, 'more', 'less')", "more"), ("coalesce(/data/g/x, 'other')", "other"),
            ("coalesce(/data/a, 'other')", "5"), ("once('first')", "first"), ("not(/data/g/x = '')", "false"),
            ("boolean-from-string('1')", "true"), ("boolean-from-string('no')", "false"),
            // Selections
            ("selected(/data/c, 'y')", "true"), ("selected(/data/c, 'x y')", "false"), ("count-selected(/data/c)", "3"),
            ("count-selected(/data/g/x)", "0"), ("selected-at(/data/c, 1)", "y"), ("selected-at(/data/c, 9)", ""),
            // Texts
            ("string-length('Đắk')", "3"), ("concat('a', /data/a, 'b')", "a5b"), ("concat('alone')", "alone"),
            ("join('-', 'a', 'b', 'c')", "a-b-c"), ("join(',', instance('list')/root/item/name)", "one,two"),
            ("substr('abcdef', 2)", "cdef"), ("substr('abcdef', 1, 3)", "bc"), ("substr('abcdef', -2)", "ef"),
            ("substr('Đắk', 0, 1)", "Đ"), ("contains(/data/c, 'y')", "true"), ("ends-with('kiosk', 'sk')", "true"),
            ("normalize-space('  a   b ')", "a b"), ("translate('abc', 'b', 'B')", "aBc"), ("string(1 = 1)", "true"),
            ("regex('012345678901', '[0-9]{12}')", "true"), ("regex('12 ', '[0-9]+')", "false"),
            ("regex('a|b', 'a|b')", "false"), ("regex('b', 'a|b')", "true"), ("\"it's\"", "it's"),
            // Numbers
            ("round(2.25, 1)", "2.3"), ("round(-1.5)", "-1"), ("round(1234, -2)", "1200"), ("int(-3.9)", "-3"),
            ("pow(2, 10)", "1024"), ("abs(-4)", "4"), ("max(1, 3, 2)", "3"), ("min(instance('list')/root/item/n)", "1"),
            ("number('7.5') + 1", "8.5"), ("number('x')", "NaN"), ("number('5.')", "5"), ("number('-.5')", "-0.5"),
            ("number('.')", "NaN"), ("number('-.')", "NaN"), ("number('-')", "NaN"), ("number('1-2')", "NaN"),
            ("number('1.2.3')", "NaN"), ("number('1e3')", "NaN"), ("number('+1')", "NaN"), ("number('inf')", "NaN"),
            ("number('0x10')", "NaN"), ("number('٣')", "NaN"),
            ("count-non-empty(instance('list')/root/item/*)", "6"), ("floor(2.7)", "2"),
        ])
    func values(_ expression: String, _ expected: String) throws {
        #expect(try result(expression) == expected)
    }

    @Test(
        "takes the type of its question",
        arguments: [
            ("today() + 1", "date", "2026-11-26"), ("/data/b", "date", "2026-11-24"), ("7 div 2", "int", "3"),
            ("0 div 0", "int", ""), ("1 div 4", "decimal", "0.25"), ("'2026-01-02T10:00:00'", "date", "2026-01-02"),
            ("0 div 0", "decimal", ""), ("1 = 1", "boolean", "true"),
        ])
    func types(_ expression: String, _ type: String, _ expected: String) throws {
        #expect(try result(expression, type: type) == expected)
    }

    @Test(
        "is refused with its fault and remedy while loading",
        arguments: [
            ("1 +", "a value is missing before “the end”"), ("concat('a'", "“)” is missing"), ("'open", "not closed"),
            ("1 2", "“2” is unexpected"), ("a # b", "“#” has no meaning"),
            ("/data/nothing", "no question /data/nothing"),
            ("../nothing", "no question /data/g/nothing"), ("pulldata('x', 'y')", "pulldata() is not supported"),
            ("random()", "random() is not supported"), ("if(1, 2)", "if() has 2 arguments"),
            ("/data/", "a value is missing"),
            ("instance('nothing')/root/item", "no instance 'nothing'"), ("instance(/data/a)", "needs a name in quotes"),
            ("instance('citizen')/root/salary", "has no /root/salary"),
            ("regex(/data/a, '[')", "not a regular expression"),
            ("format-date(today(), '%d %b')", "format-date has no %b"),
            ("uuid()", "would change with every answer"), ("1.2.3", "not a number"), ("$x", "“$” has no meaning"),
            (String(repeating: "(", count: 100) + "1" + String(repeating: ")", count: 100), "nested too deeply"),
            (String(repeating: "1+", count: 5000) + "1", "longer than 8192 bytes"),
            (String(repeating: "1+", count: 1000) + "1", "longer than 1500 words"),
        ])
    func refused(_ expression: String, _ problem: String) {
        let faults = House.faults(
            of: House.xform(binds: #"<bind nodeset="/data/g/y" calculate="\#(House.attribute(expression))"/>"#))
        #expect(faults.count == 1)
        #expect(faults.first?.problem.contains(problem) == true, "\(faults)")
        #expect(faults.first?.remedy.isEmpty == false)
        #expect(faults.first?.line == 9)
    }

    @Test("an expression that costs too much is given up, and said so, without its value")
    func operationLimit() throws {
        let form = try House.form(
            House.xform(
                binds:
                    #"<bind nodeset="/data/c" constraint="count(instance('many')//i[count(instance('many')//i) > 0]) > 1"/>"#,
                model: "<instance id=\"many\"><root>" + String(repeating: "<i/>", count: 3000) + "</root></instance>",
                body: #"<input ref="/data/c"><label>C</label></input>"#))
        var session = House.session(form)
        session.answer("/data/c", "secret")
        #expect(session.faults.count == 1)
        #expect(!session.faults.description.contains("secret"))
    }

    @Test("an absolute path means the form's own instance, dates in numeric places count as days")
    func rewriting() throws {
        #expect(
            XPathPrinter.print(try XPathParser.parse("instance('l')/root/item[p = /data/a]/n < today() - 1"))
                == "(kiosk-number(odk-instance('l')/root/item[(p = kiosk-root()/data/a)]/n) < (kiosk-number(odk-today()) - 1))"
        )
        #expect(
            XPathPrinter.print(try XPathParser.parse("jr:choice-name(., '/data/a')"))
                == "odk-jr-choice-name(., '/data/a')")
        #expect(XPathPrinter.print(try XPathParser.parse("a/b//c[1]|../@id")) == "(a/b//c[1] | ../@id)")
    }
}
