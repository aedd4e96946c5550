#!/usr/bin/env python3
"""Makes C++ files of the C++ in Markdown pages: extract.py FOLDER PAGE...

Of a page, `FOLDER/<page>.cpp` has every block ```cpp, in the order of the page,
in a namespace of its own; `#include` lines come first. What a reader need not
see, such as the braces around a statement, stands in a comment of the page:

    <!-- cpp
    void example(flamigo::application& app) {
    -->

A block with a function `main` is a program of its own as well,
`FOLDER/docs-<page>.cpp`; a page may have one. A block below `<!-- not compiled: REASON -->` is left
out. The names of the files go to stdout, what was taken to stderr.
"""

import pathlib
import re
import sys

BLOCK = re.compile(
    r"^(?:<!-- not compiled: (?P<reason>.+?) -->\n+)?```cpp\n(?P<seen>.*?)^```$"
    r"|^<!-- cpp\n(?P<hidden>.*?)^-->$", re.DOTALL | re.MULTILINE)
MAIN = re.compile(r"^int main\(", re.MULTILINE)
INCLUDE = re.compile(r"^#include .*\n", re.MULTILINE)


class Page:
    """The C++ of a page."""

    def __init__(self, path):
        self.path = path
        self.name = path.stem.lower().replace("-", "_")
        self.parts = []
        self.program = None
        self.left_out = 0
        self.text = path.read_text(encoding="utf-8")
        for match in BLOCK.finditer(self.text):
            self.add(match)
        taken = len(re.findall(r"^```cpp$", self.text, re.MULTILINE))
        if taken != self.count() + self.left_out:
            sys.exit(f"{path}: a block ```cpp does not end with ```")

    def count(self):
        """The visible blocks that are compiled."""
        return sum(seen for seen, _ in self.parts)

    def add(self, match):
        kind = "hidden" if match["hidden"] is not None else "seen"
        code = match[kind]
        line = self.text.count("\n", 0, match.start(kind)) + 1
        if match["reason"]:
            self.left_out += 1
            return
        # For the messages of the compiler.
        code = f'#line {line} "{self.path}"\n{code}'
        self.parts.append((kind == "seen", code))
        if MAIN.search(code):
            self.program = code

    def sources(self):
        """Names of files and what is to be in them."""
        code = "\n".join(text for _, text in self.parts)
        if code:
            includes = "".join(dict.fromkeys(INCLUDE.findall(code)))
            # A blank line in its place keeps the numbers right.
            code = INCLUDE.sub("\n", code)
            yield self.name, (f"{includes}\nnamespace docs_{self.name} {{\n\n"
                              f"{code}\n}} // namespace docs_{self.name}\n")
        if self.program:
            yield f"docs-{self.path.stem.lower()}", self.program


def write(path, text):
    """Leaves a file alone that is as it should be: it need not be compiled."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    print(path)


def main(folder, *paths):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pages = [Page(pathlib.Path(path)) for path in paths]
    for page in pages:
        for name, text in page.sources():
            write(folder / f"{name}.cpp", text)
    print(f"{sum(page.count() for page in pages)} examples of "
          f"{len(pages)} pages, {sum(page.left_out for page in pages)} left out",
          file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
