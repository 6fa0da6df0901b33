"""Pictures for the demo community, drawn on the spot: nobody's photograph is in them."""

from io import BytesIO
from math import sin
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFilter

PAPER, INK, ORANGE, DEEP, LEAF = "#FFFAF4", "#2B1A10", "#E5660A", "#8F3700", "#1F6B3A"
TINTS = ("#FFE3CC", "#DDF3E2", "#DFEEFA", "#FFF0C2", "#F1E4FA", "#FDE3E0")


def picture(kind: str, random: Random) -> SimpleUploadedFile:
    """A PNG as somebody would upload it; `kind` names one of the drawings below."""
    drawing = _DRAWINGS[kind](random)
    stream = BytesIO()
    drawing.save(stream, "PNG")
    return SimpleUploadedFile(f"{kind}.png", stream.getvalue(), "image/png")


def _battery(random: Random) -> Image.Image:
    canvas, pen = _phone_page("21:00 - 07:00")
    level = 92.0
    points = []
    for step in range(60):
        level -= random.uniform(0.1, 0.6)
        points.append((90 + step * 9, 900 - level * 7))
    pen.polygon([(90, 900), *points, (points[-1][0], 900)], fill="#FFE3CC")
    pen.line(points, fill=ORANGE, width=6)
    for percent in (0, 25, 50, 75, 100):
        pen.line([(90, 900 - percent * 7), (630, 900 - percent * 7)], fill="#E6D3C0", width=1)
        pen.text((40, 890 - percent * 7), f"{percent} %", fill=INK, font_size=20)
    for row in range(3):
        top = 980 + row * 90
        pen.rounded_rectangle((90, top, 630, top + 66), 16, fill="#FFFFFF", outline="#E6D3C0")
        pen.ellipse((106, top + 13, 146, top + 53), fill=TINTS[row])
        pen.rectangle((166, top + 28, 166 + random.randint(120, 380), top + 38), fill="#C9B09D")
    return canvas


def _phone_page(title: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    canvas = Image.new("RGB", (720, 1280), PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.text((40, 24), "9:41", fill=INK, font_size=26)
    pen.rounded_rectangle((620, 28, 680, 52), 6, outline=INK, width=2)
    pen.rectangle((624, 32, 660, 48), fill=LEAF)
    pen.text((40, 110), title, fill=INK, font_size=44)
    return canvas, pen


def _night(random: Random) -> Image.Image:
    canvas = Image.new("RGB", (1280, 860), "#0E0A12")
    pen = ImageDraw.Draw(canvas)
    for house in range(9):
        left = house * 150 - 20
        top = random.randint(120, 380)
        pen.rectangle((left, top, left + 140, 600), fill=random.choice(("#1B1420", "#221A28")))
        for window in range(12):
            if random.random() < 0.4:
                x, y = left + 14 + window % 3 * 42, top + 20 + window // 3 * 60
                pen.rectangle((x, y, x + 22, y + 32), fill="#F2C14E")
    glow = Image.new("RGB", canvas.size, "#000000")
    light = ImageDraw.Draw(glow)
    for lamp in range(6):
        x = 100 + lamp * 215
        light.ellipse((x - 60, 420, x + 60, 540), fill="#E5660A")
        light.polygon([(x - 20, 600), (x + 20, 600), (x + 70, 860), (x - 70, 860)], fill="#7A3A08")
    glow = glow.filter(ImageFilter.GaussianBlur(28))
    return Image.blend(canvas, glow, 0.45)


def _moon(random: Random) -> Image.Image:
    canvas = Image.new("RGB", (900, 900), "#07070A")
    pen = ImageDraw.Draw(canvas)
    pen.ellipse((190, 190, 710, 710), fill="#D9D3C4")
    for _crater in range(46):
        x, y, size = random.randint(260, 640), random.randint(260, 640), random.randint(6, 42)
        pen.ellipse((x - size, y - size, x + size, y + size), fill="#C4BCAA", outline="#A79F8E")
    pen.ellipse((60, 150, 560, 720), fill="#07070A")
    return canvas.filter(ImageFilter.GaussianBlur(1.2))


def _chart(random: Random) -> Image.Image:
    canvas = Image.new("RGB", (1200, 620), "#FFFFFF")
    pen = ImageDraw.Draw(canvas)
    points = []
    for x in range(80, 1160, 4):
        step = 70 if x > 760 else 0
        points.append((x, 330 - step + 40 * sin(x / 120) + random.uniform(-6, 6)))
    for y in range(120, 560, 80):
        pen.line([(80, y), (1160, y)], fill="#E6D3C0")
    pen.line([(80, 560), (1160, 560)], fill=INK, width=2)
    pen.line(points, fill="#518D9D", width=4)
    pen.line([(760, 120), (760, 560)], fill=ORANGE, width=2)
    pen.text((772, 124), "seam 3", fill=DEEP, font_size=28)
    pen.text((80, 40), "Mean brightness by column", fill=INK, font_size=34)
    return canvas


def _watch(random: Random) -> Image.Image:
    canvas = Image.new("RGB", (760, 760), "#FBF0E4")
    pen = ImageDraw.Draw(canvas)
    pen.rounded_rectangle((130, 130, 630, 630), 150, fill="#0B0B10", outline="#43332A", width=14)
    lit = random.randrange(12)
    for window in range(12):
        x, y = 220 + window % 4 * 86, 230 + window // 4 * 100
        fill = "#F2C14E" if window == lit else "#1C1B22"
        pen.rounded_rectangle((x, y, x + 60, y + 74), 8, fill=fill, outline="#2E2C36")
    pen.rectangle((220, 552, 500, 558), fill=ORANGE)
    return canvas


def _theme(random: Random) -> Image.Image:
    canvas, pen = _phone_page("")
    pen.rectangle((0, 0, 720, 1280), fill="#F4EFE4")
    for row in range(5):
        for column in range(4):
            x, y = 80 + column * 150, 420 + row * 150
            pen.arc((x, y, x + 90, y + 90), random.randint(0, 90), random.randint(200, 350), INK, 7)
            pen.line((x + 20, y + 45, x + random.randint(50, 80), y + 60), fill=INK, width=6)
    pen.text((80, 150), "10:24", fill=INK, font_size=150)
    pen.rectangle((560, 330, 630, 400), fill="#A63324")
    pen.rectangle((574, 344, 616, 386), outline="#F4EFE4", width=4)
    return canvas


def _desk(random: Random) -> Image.Image:
    canvas = Image.new("RGB", (1100, 760), PAPER)
    pen = ImageDraw.Draw(canvas)
    pen.line([(60, 600), (1040, 600)], fill=INK, width=6)
    pen.line([(180, 600), (180, 300), (330, 200)], fill=INK, width=6)
    pen.polygon([(300, 160), (420, 230), (330, 290)], fill=ORANGE, outline=INK)
    pen.rounded_rectangle((520, 400, 630, 600), 16, outline=INK, width=6)
    pen.rectangle((820, 500, 920, 600), fill="#FFE3CC", outline=INK, width=5)
    for _leaf in range(9):
        x = random.randint(780, 960)
        pen.line([(870, 500), (x, random.randint(300, 420))], fill=LEAF, width=6)
    return canvas


def _segments(random: Random) -> Image.Image:
    """A face for a fan: a slice of fruit."""
    canvas = Image.new("RGB", (256, 256), random.choice(TINTS))
    pen = ImageDraw.Draw(canvas)
    peel, flesh = random.choice(((ORANGE, "#FFB27A"), (LEAF, "#A8D8B5"), ("#B3261E", "#F5A8A2")))
    pen.ellipse((32, 32, 224, 224), fill=peel)
    pen.ellipse((46, 46, 210, 210), fill=PAPER)
    turn = random.randint(0, 44)
    for segment in range(8):
        start = turn + segment * 45
        pen.pieslice((54, 54, 202, 202), start + 3, start + 42, fill=flesh)
    return canvas


_DRAWINGS = {
    "battery": _battery,
    "night": _night,
    "moon": _moon,
    "chart": _chart,
    "watch": _watch,
    "theme": _theme,
    "desk": _desk,
    "avatar": _segments,
}
