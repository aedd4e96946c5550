"""Grouped bars as SVG, with nothing but the standard library."""

from html import escape

COLOURS = ["#d6336c", "#1c7ed6", "#2f9e44", "#f08c00", "#7048e8", "#0c8599",
           "#495057", "#e8590c"]
BAR, GAP, HEIGHT, LEFT, TOP = 22, 26, 260, 50, 60
KEY = 130


def colour(i):
    return COLOURS[i % len(COLOURS)]


def text(x, y, what, **attributes):
    more = "".join(f' {name.replace("_", "-")}="{value}"'
                   for name, value in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{escape(what)}</text>'


def rectangle(x, y, width, height, colour):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" fill="{colour}"/>')


def grid(y, most, width):
    """Lines to read the height of a bar by; the one at 1 is black."""
    step = 0.5 if most < 5 else 1 if most < 10 else 5
    for i in range(int(most / step) + 1):
        value = i * step
        shade = "#000" if value == 1 else "#ddd"
        yield (f'<line x1="{LEFT}" x2="{width}" y1="{y(value):.1f}" '
               f'y2="{y(value):.1f}" stroke="{shade}"/>')
        yield text(LEFT - 6, y(value) + 4, f"{value:g}", text_anchor="end")


def bars(title, series, groups):
    """`groups` has a list of values, one for each of `series`, for each name;
    a value may be missing (None)."""
    group_width = BAR * len(series) + GAP
    # Names of scenarios need room as well, and those of the servers.
    group_width = max(group_width, 80)
    width = max(LEFT + group_width * len(groups) + GAP,
                LEFT + KEY * len(series), LEFT + 8 * len(title))
    values = [value for group in groups.values() for value in group if value]
    most = max([1.0, *values]) * 1.1

    def y(value):
        return TOP + HEIGHT * (1 - value / most)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
           f'height="{TOP + HEIGHT + 40}" font-family="sans-serif" '
           f'font-size="11">',
           rectangle(0, 0, width, TOP + HEIGHT + 40, "white"),
           text(LEFT, 20, title, font_size=14)]
    for i, name in enumerate(series):
        out.append(rectangle(LEFT + KEY * i, 32, 10, 10, colour(i)))
        out.append(text(LEFT + KEY * i + 15, 41, name))
    out += grid(y, most, width)
    for j, (name, group) in enumerate(groups.items()):
        left = LEFT + GAP / 2 + group_width * j
        for i, value in enumerate(group):
            if not value:
                continue
            x = left + BAR * i
            out.append(rectangle(x, y(value), BAR - 2, y(0) - y(value),
                                 colour(i)))
            out.append(text(x + BAR / 2 - 1, y(value) - 3, f"{value:.2f}",
                            font_size=9, text_anchor="middle"))
        out.append(text(left + BAR * len(series) / 2, TOP + HEIGHT + 18, name,
                        text_anchor="middle"))
    return "\n".join([*out, "</svg>"]) + "\n"
