"""Draws the plan: a band for each library, a box for each room, the ground at the
bottom. Only arrows that do not follow from others are drawn."""

from html import escape

BOX = (104, 30)
STEP = (136, 64)
MARGIN = 24
LABEL = 110

STYLE = """
text { font: 14px sans-serif; fill: #1f2328; text-anchor: middle; }
.library { font-weight: bold; text-anchor: start; fill: #57606a; }
.band { fill: #f6f8fa; stroke: #d0d7de; }
.room { fill: #ffffff; stroke: #57606a; }
.arrow { stroke: #8c959f; fill: none; marker-end: url(#head); }
"""


def floors(plan):
    """room -> floor: above all that it knows of its library, and above all rooms
    of the libraries below."""
    result = {}
    ground = 0
    for library in plan.libraries():
        rooms = plan.rooms_of(library)
        for room in rooms:
            inner = [result[x] for x in plan.arrows[room] if x in rooms]
            result[room] = max(inner, default=ground - 1) + 1
        ground = max(result[x] for x in rooms) + 1
    return result


def columns(plan, floor):
    """room -> place in its floor, near what it knows."""
    arrows = plan.needed_arrows()
    result = {}
    for level in range(max(floor.values()) + 1):
        rooms = [x for x in plan.library if floor[x] == level]
        def wish(room):
            known = [result[x] for x in arrows[room]]
            return sum(known) / len(known) if known else 0
        if level:
            rooms.sort(key=wish)
        for i, room in enumerate(rooms):
            result[room] = i - (len(rooms) - 1) / 2
    return result


def path(start, end, span):
    """From a box to one below: from floor to floor, or, past other floors, out at
    the side and in at the side."""
    (x, y), (to_x, to_y) = start, end
    if span == 1:
        y, to_y = y + BOX[1] / 2, to_y - BOX[1] / 2
        bend = (to_y - y) / 2
        return f"M{x:g} {y:g}C{x:g} {y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y:g}"
    side = -1 if to_x < x or (to_x == x and span % 2) else 1
    x, to_x = x + side * BOX[0] / 2, to_x + side * BOX[0] / 2
    out = side * (20 + 12 * span)
    return f"M{x:g} {y:g}C{x + out:g} {y:g} {to_x + out:g} {to_y:g} {to_x:g} {to_y:g}"


def draw(plan):
    floor, column = floors(plan), columns(plan, floors(plan))
    top = max(floor.values())
    half = max(abs(x) for x in column.values()) + 0.5
    width = round(LABEL + 2 * half * STEP[0] + 2 * MARGIN + 50)
    height = (top + 1) * STEP[1] + 2 * MARGIN

    def centre(room):
        return (MARGIN + LABEL + (column[room] + half) * STEP[0],
                MARGIN + (top - floor[room] + 0.5) * STEP[1])

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#8c959f"/></marker></defs>',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>']
    for library in plan.libraries():
        levels = [floor[x] for x in plan.rooms_of(library)]
        y = MARGIN + (top - max(levels)) * STEP[1] + 3
        size = (max(levels) - min(levels) + 1) * STEP[1] - 6
        lines.append(f'<rect class="band" x="{MARGIN / 2}" y="{y}" '
                     f'width="{width - MARGIN}" height="{size}" rx="6"/>')
        lines.append(f'<text class="library" x="{MARGIN}" y="{y + 24}">'
                     f"{escape(library)}</text>")
    for room, known in plan.needed_arrows().items():
        for other in known:
            span = floor[room] - floor[other]
            lines.append(f'<path class="arrow" '
                         f'd="{path(centre(room), centre(other), span)}"/>')
    for room in plan.library:
        x, y = centre(room)
        lines.append(f'<rect class="room" x="{x - BOX[0] / 2:g}" '
                     f'y="{y - BOX[1] / 2:g}" width="{BOX[0]}" height="{BOX[1]}" '
                     'rx="4"/>')
        lines.append(f'<text x="{x:g}" y="{y + 5:g}">{escape(room)}</text>')
    return "\n".join(lines + ["</svg>", ""])
