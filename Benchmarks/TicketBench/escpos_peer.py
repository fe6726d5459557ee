"""A queue ticket as a Python program prints it: drawn with Pillow, sent by python-escpos as a raster image. Reads the texts as
JSON on standard input, draws as many tickets as it is told, and writes how long that took."""
import io
import json
import logging
import sys
import time

import qrcode
from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

WIDTH, MARGIN, DPI = 576, 12, 203
FONTS = "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf"
INNER = WIDTH - 2 * MARGIN


def dots(millimetres):
    return round(millimetres * DPI / 25.4)


def font(weight, points):
    return ImageFont.truetype(FONTS.format(weight), round(points * DPI / 72))


# Loaded once, as ours are.
HALL, NUMBER, CLASS, PROCEDURE, PLAIN = (
    font("Bold", 11.5), ImageFont.truetype(FONTS.format("Bold"), round(dots(20) / 0.735)), font("Bold", 20), font("Bold", 14),
    font("Regular", 12))


class Page:
    def __init__(self):
        self.image = Image.new("1", (WIDTH, 2000), 1)
        self.draw = ImageDraw.Draw(self.image)
        self.draw.fontmode = "1"
        self.y = 0

    def lines(self, text, face):
        line, lines = "", []
        for word in text.split():
            longer = f"{line} {word}".strip()
            if line and face.getlength(longer) > INNER:
                lines.append(line)
                line = word
            else:
                line = longer
        return lines + [line]

    def text(self, text, face):
        ascent, descent = face.getmetrics()
        for line in self.lines(text, face):
            self.draw.text((WIDTH / 2, self.y), line, font=face, fill=0, anchor="ma")
            self.y += round((ascent + descent) * 0.92)

    def number(self, text):
        left, top, right, bottom = NUMBER.getbbox(text)
        self.draw.text(((WIDTH - right - left) / 2, self.y - top), text, font=NUMBER, fill=0)
        self.y += bottom - top

    def banner(self, text):
        left, top, right, bottom = CLASS.getbbox(text)
        width, height = right - left + dots(8), bottom - top + dots(5)
        x = (WIDTH - width) / 2
        self.draw.rounded_rectangle((x, self.y, x + width, self.y + height), dots(2), fill=0)
        self.draw.text((x + dots(4) - left, self.y + dots(2.5) - top), text, font=CLASS, fill=1)
        self.y += height

    def rule(self, millimetres):
        height = max(1, dots(millimetres))
        self.draw.rectangle((MARGIN, self.y, WIDTH - MARGIN - 1, self.y + height - 1), fill=0)
        self.y += height

    def space(self, millimetres):
        self.y += dots(millimetres)

    def qr(self, text):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
        code.add_data(text)
        code.make(fit=True)
        code.box_size = max(4, dots(34) // (code.modules_count + 8))
        picture = code.make_image().get_image().convert("1")
        self.image.paste(picture, ((WIDTH - picture.width) // 2, self.y))
        self.y += picture.height


def draw(ticket):
    page = Page()
    page.text(ticket["hall"], HALL)
    page.space(1.5)
    page.rule(0.5)
    page.space(4)
    page.number(ticket["number"])
    page.space(4)
    page.banner(ticket["className"])
    page.space(2)
    page.text(ticket["procedure"], PROCEDURE)
    page.space(1)
    page.text(ticket["issuedAt"], PLAIN)
    page.space(2)
    page.rule(0.25)
    page.space(1.5)
    for note in ticket["notes"]:
        page.text(note, PLAIN)
        page.space(0.5)
    page.qr(ticket["qr"])
    return page.image.crop((0, 0, WIDTH, page.y))


def encode(image):
    printer = Dummy()
    printer.image(image, impl="bitImageRaster")
    printer.cut()
    return printer.output


def numbered(ticket, number):
    digits = f"{number % 1000:03}"
    return dict(ticket, number="A" + digits, qr=ticket["qr"] + digits)


def main():
    logging.disable(logging.WARNING)
    count, ticket = int(sys.argv[1]), json.load(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8"))
    for number in range(3):
        encode(draw(numbered(ticket, number)))
    size = height = 0
    start = time.perf_counter()
    for number in range(count):
        image = draw(numbered(ticket, number))
        size += len(encode(image))
        height += image.height
    seconds = time.perf_counter() - start
    if len(sys.argv) > 2:
        image.save(sys.argv[2])
    print(json.dumps({"tickets": count, "seconds": seconds, "bytes": size / count, "height": height / count}))


if __name__ == "__main__":
    main()
