"""Pictures for events: flat shapes on a grid, in the colours of static/css/tokens.css.

The same name gives the same picture.
"""

import random
from io import BytesIO

from django.core.files.images import ImageFile
from PIL import Image as Canvas
from PIL import ImageDraw
from wagtail.images.models import Image

from members.models import Member

COLUMNS, ROWS, TILE, FINER = 8, 3, 160, 2  # drawn FINER times as large, so that curves come out smooth
GROUNDS = ["#f2eee5", "#e3efec", "#f2eee5", "#e3efec", "#fbeecb", "#0b4f4a"]
SHAPES = {  # what stands out on each ground
    "#f2eee5": ["#0b4f4a", "#0b4f4a", "#7dd0c4", "#f2b84b", "#6b2d5c"],
    "#e3efec": ["#0b4f4a", "#0b4f4a", "#7dd0c4", "#073a37", "#f2b84b"],
    "#fbeecb": ["#0b4f4a", "#f2b84b", "#6b2d5c"],
    "#0b4f4a": ["#7dd0c4", "#f2b84b", "#e3efec"],
}


def draw(name: str) -> bytes:
    """A WebP of 1280 × 480 pixels."""
    chance = random.Random(name)  # noqa: S311 (art, not secrets)
    size = TILE * FINER
    canvas = Canvas.new("RGB", (COLUMNS * size, ROWS * size))
    pen = ImageDraw.Draw(canvas)
    for row in range(ROWS):
        for column in range(COLUMNS):
            ground = chance.choice(GROUNDS)
            box = (column * size, row * size, (column + 1) * size - 1, (row + 1) * size - 1)
            pen.rectangle(box, fill=ground)
            _draw_shape(pen, chance, box, size, chance.choice(SHAPES[ground]))
    file = BytesIO()
    canvas.reduce(FINER).save(file, "WEBP", lossless=True, method=2)
    return file.getvalue()


def _draw_shape(pen: ImageDraw.ImageDraw, chance: random.Random, box: tuple, size: int, colour: str):
    left, top, right, bottom = box
    match chance.choice(["quarter", "quarter", "quarter", "half", "seat", "line", "none"]):
        case "quarter":  # a circle around one of the corners; the tile cuts it
            corner = chance.randrange(4)
            x, y = (left, right)[corner % 2], (top, bottom)[corner // 2]
            start = {0: 0, 1: 90, 2: 270, 3: 180}[corner]
            pen.pieslice((x - size, y - size, x + size, y + size), start, start + 90, fill=colour)
        case "half":
            start = chance.choice([0, 90, 180, 270])
            pen.pieslice(box, start, start + 180, fill=colour)
        case "seat":
            inset = size // 5
            pen.ellipse((left + inset, top + inset, right - inset, bottom - inset), fill=colour)
        case "line":
            third = size // 3
            across = chance.choice([True, False])
            pen.rectangle(
                (left, top + third, right, bottom - third) if across else (left + third, top, right - third, bottom),
                fill=colour,
            )


def keep(name: str, *, by: Member) -> Image:
    """Draws a picture and puts it among the CMS's images."""
    title = f"Shapes: {name.replace('-', ' ')}"
    return Image.objects.create(
        title=title, file=ImageFile(BytesIO(draw(name)), name=f"{name}.webp"), uploaded_by_user=by
    )
