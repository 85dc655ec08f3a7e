"""Files of every kind of image, all of one motif, made in memory.

The motif is 3 by 2: white, with a black rectangle at the upper left and a red one at the lower
right.
"""

from __future__ import annotations

import array
import io
import struct
import zlib
from base64 import standard_b64encode

from PIL import Image, ImageChops, ImageCms, ImageDraw

SIZE = (900, 600)
BLACK, WHITE, RED = (0.2, 0.2), (0.8, 0.2), (0.8, 0.8)
"""Points of the motif in the black, the white and the red part, as shares of its sides."""

_ORIENTATION = 0x0112
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How the sensor of a camera held so saw the motif."""

_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2))  # fmt: skip


def motif(size: tuple[int, int] = SIZE, red: tuple[int, int, int] = (200, 0, 0)) -> Image.Image:
    width, height = size
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width * 2 // 5, height * 2 // 5), fill="black")
    draw.rectangle((width * 3 // 5, height * 3 // 5, width, height), fill=red)
    return image


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(image: Image.Image, **options: object) -> bytes:
    return encoded(image, "JPEG", quality=92, **options)


def png(image: Image.Image, **options: object) -> bytes:
    return encoded(image, "PNG", **options)


def turned(orientation: int) -> bytes:
    """Return a JPEG whose camera was held otherwise than upright."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return jpeg(motif().transpose(_STORED[orientation]), exif=exif)


def inks(*, heavy: bool = False) -> Image.Image:
    """Return the motif in CMYK, its black of black ink alone or of too much of all inks."""
    image = Image.new("CMYK", SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    black = (230, 230, 230, 230) if heavy else (0, 0, 0, 255)
    draw.rectangle((0, 0, 360, 240), fill=black)
    draw.rectangle((540, 360, 900, 600), fill=(0, 240, 240, 0))
    return image


def without_adobe_marker(content: bytes) -> bytes:
    """Return a JPEG without the segment by which Adobe's programs tell of inverted inks."""
    at = content.index(b"\xff\xee")
    return content[:at] + content[at + 2 + int.from_bytes(content[at + 2 : at + 4], "big") :]


def line_art(size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the motif of black and white, with a black circle instead of the red part."""
    image = Image.new("1", size, 1)
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, 0, width * 2 // 5, height * 2 // 5), fill=0)
    draw.ellipse((width * 3 // 5, height * 3 // 5, width, height), fill=0)
    return image


def sixteen_bits() -> bytes:
    levels = motif().convert("L").tobytes()
    words = array.array("H", [level * 257 for level in levels])
    return png(Image.frombytes("I;16", SIZE, words.tobytes()))


def seen_through(mode: str) -> Image.Image:
    """Return the motif with a transparent part, black beneath, where it is white."""
    mask = motif().convert("L").point(lambda level: 255 if level < 200 else 0)
    image = motif()
    image.paste("black", mask=ImageChops.invert(mask))
    image.putalpha(mask)
    return image.convert(mode)


def clear_palette(image: Image.Image) -> bytes:
    """Return a PNG with a palette, of which white is transparent."""
    indexed = image.quantize(16)
    levels = indexed.getpalette() or []
    colours = list(zip(levels[::3], levels[1::3], levels[2::3], strict=True))
    return png(indexed, transparency=colours.index((255, 255, 255)))


def interlaced(image: Image.Image) -> bytes:
    """Return a grey image as an interlaced PNG, which Pillow reads but does not write."""
    grey = image.convert("L")
    rows = b""
    for left, top, step_x, step_y in _ADAM7:
        for y in range(top, grey.height, step_y):
            line = bytes(grey.getpixel((x, y)) for x in range(left, grey.width, step_x))
            rows += b"\0" + line if line else b""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", grey.width, grey.height, 8, 0, 0, 0, 1)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def moving(form: str) -> bytes:
    frames = [motif(), Image.new("RGB", SIZE, "blue")]
    return encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=200)


def standard_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """Return a profile in which red stands for blue, and blue for red."""
    profile = bytearray(standard_profile())
    places = {}
    for number in range(int.from_bytes(profile[128:132], "big")):
        at = 132 + 12 * number
        places[bytes(profile[at : at + 4])] = at
    red, blue = places[b"rXYZ"], places[b"bXYZ"]
    profile[red + 4 : red + 12], profile[blue + 4 : blue + 12] = (
        profile[blue + 4 : blue + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile)


def linear_grey_profile() -> bytes:
    """Return a profile of greys whose numbers are the light itself, a gamma of 1."""
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    curve = b"curv\0\0\0\0" + struct.pack(">I", 0)
    name = b"desc\0\0\0\0" + struct.pack(">I", 7) + b"Linear\0" + bytes(78)
    tags, data = [], b""
    for signature, content in ((b"wtpt", white), (b"kTRC", curve), (b"desc", name)):
        padded = content + bytes(-len(content) % 4)
        tags.append(struct.pack(">4sII", signature, 128 + 4 + 36 + len(data), len(content)))
        data += padded
    body = struct.pack(">I", len(tags)) + b"".join(tags) + data
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIIII3i4s44s",
        128 + len(body), b"", 0x02100000, b"mntr", b"GRAY", b"XYZ ", bytes(12), b"acsp", b"",
        0, 0, 0, 0, 0, 0, 63190, 65536, 54061, b"", b"",
    )  # fmt: skip
    return header + body


def drawing() -> bytes:
    """Return the motif as a drawing, with all that takes colours in one."""
    embedded = standard_b64encode(png(motif((90, 60)))).decode()
    jpeg_code = standard_b64encode(jpeg(motif((90, 60)))).decode()
    return f"""\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="300" height="200" viewBox="0 0 300 200">
<defs>
<linearGradient id="a"><stop offset="0" stop-color="red"/><stop offset="1" stop-color="#00f"/>
</linearGradient>
<radialGradient id="b"><stop stop-color="hsl(60,100%,50%)"/>
<stop offset="1" stop-color="green" stop-opacity=".3"/></radialGradient>
<pattern id="c" width="10" height="10" patternUnits="userSpaceOnUse">
<circle cx="5" cy="5" r="3" fill="purple"/></pattern>
<filter id="d"><feOffset dx="2" dy="2"/><feBlend mode="multiply"/></filter>
<mask id="e"><rect width="300" height="200" fill="#fff"/><circle cx="50" cy="170" r="9" fill="red"/>
</mask>
</defs>
<rect width="120" height="80" fill="black"/>
<rect x="180" y="120" width="120" height="80" fill="#c80000"/>
<rect x="130" y="5" width="40" height="30" fill="url(#a)"/>
<rect x="130" y="45" width="40" height="30" fill="url('#b')"/>
<rect x="130" y="85" width="40" height="30" fill="url(&quot;#c&quot;)" stroke="orange"/>
<rect x="130" y="125" width="40" height="30" fill="teal" opacity=".5"/>
<rect x="130" y="160" width="40" height="30" fill="navy" filter="url(#d)"/>
<rect x="5" y="150" width="50" height="40" fill="olive" mask="url(#e)"/>
<image x="10" y="90" width="45" height="30" xlink:href="data:image/png;base64,{embedded}"/>
<image x="60" y="90" width="45" height="30" href="data:image/jpg;base64,{jpeg_code}"/>
<text x="60" y="180" font-family="Helvetica,sans-serif" fill="#135">Words</text>
<text x="60" y="192" style="font: italic 12px/1.2 serif">Slanted</text>
<text x="110" y="192" font-size="small">Small</text>
</svg>
""".encode()
