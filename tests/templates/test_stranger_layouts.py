"""A book's own layouts, which may be a stranger's, reach plain values and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from jinja2 import DictLoader
from jinja2.filters import FILTERS
from jinja2.runtime import Undefined
from markupsafe import Markup

from conftest import BOOKS, CACHE, makeready
from makeready.book.model import Book, Edition, EditionKind, PageMap
from makeready.book.styles_folder import built_in_styles
from makeready.epub.package import assemble
from makeready.errors import FindingsError
from makeready.findings import Findings
from makeready.fonts import Font
from makeready.fonts.instances import load_fonts
from makeready.manuscript.reader import read_book
from makeready.templates.cover import cover_document
from makeready.templates.documents import paged_section
from makeready.templates.environment import Layouts
from makeready.templates.filling_in import Filled, LayoutFiller
from makeready.templates.layout_files import LayoutFault
from makeready.templates.plain_values import Choice, Lookup, PageLabels, ReadOnlyMapping, View
from makeready.templates.sandbox import SandboxedLayouts
from makeready.templates.trees import Medium

PLAIN = {str, Markup, Choice, int, bool, float, type(None), tuple}
PLAIN |= {View, ReadOnlyMapping, Lookup, PageLabels}


@pytest.fixture(scope="module")
def fonts() -> tuple[Font, ...]:
    return load_fonts(built_in_styles() / "fonts.toml", CACHE / "faces")


@pytest.fixture(scope="module")
def garden_book() -> Book:
    book = read_book(BOOKS / "garden", Findings())
    assert book is not None
    return book


@pytest.fixture(scope="module")
def layouts_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Layouts]:
    def make(**texts: str) -> Layouts:
        """Return the layouts of a book that has these, by name."""
        root = tmp_path_factory.mktemp("book")
        folder = root / "styles/layouts"
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / f"{name}.html.j2").write_text(text, "utf-8")
        return Layouts(root)

    return make


@pytest.fixture(scope="module")
def given(garden_book: Book, fonts: tuple[Font, ...]) -> list[dict[str, object]]:
    """The values that layouts get, of all documents of a book that has one of everything."""
    given: list[dict[str, object]] = []
    fill_in = LayoutFiller.fill_in

    def recording(filler: LayoutFiller, name: str, values: Any) -> Filled | LayoutFault:
        given.append(dict(values))
        return fill_in(filler, name, values)

    layouts = Layouts(garden_book.root)
    ebook = Edition("ebook", EditionKind.EPUB)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LayoutFiller, "fill_in", recording)
        for section in garden_book.sections:
            paged_section(garden_book, layouts, section, Medium.PRINT, PageMap(), fonts)
        assemble(garden_book, ebook, layouts, fonts)
        cover_document(garden_book, layouts)
    assert {"book", "pages", "fonts", "groups", "landmarks", "image"} <= set().union(*given)
    return given


def reachable(value: Any, environment: SandboxedLayouts, seen: set[int]) -> Iterator[Any]:
    """Yield all values a layout gets from one: fields, items and attributes, by any name."""
    if id(value) in seen:
        return
    seen.add(id(value))
    yield value
    if isinstance(value, (tuple, list)):
        found: list[Any] = list(value)
    elif isinstance(value, ReadOnlyMapping):
        found = [*value.keys(), *value.values()]
    elif isinstance(value, Lookup):
        found = [*value._values.values(), value("no such key")]
    else:
        found = []
    for name in (*dir(value), *(value._fields if isinstance(value, View) else ())):
        for get in (environment.getattr, environment.getitem):
            one = get(value, name)
            if not isinstance(one, Undefined) and not callable(one):
                found.append(one)
            elif callable(one) and environment.is_safe_callable(one) and type(one) not in PLAIN:
                assert name in METHODS, f"{type(value).__name__}.{name} can be called"
    for one in found:
        yield from reachable(one, environment, seen)


METHODS = {
    *(name for kind in (str, Markup, tuple) for name in dir(kind) if not name.startswith("_")),
    *("get", "items", "keys", "values"),
} - {
    "format",
    "format_map",
    "maketrans",
    "translate",
    "encode",
    "zfill",
    "center",
    "ljust",
    "rjust",
}


def test_what_layouts_reach_is_plain(given: list[dict[str, object]]) -> None:
    environment, seen = SandboxedLayouts(DictLoader({})), set[int]()
    # They stay alive, since an id is given again.
    held = [
        one
        for values in given
        for key in values
        for one in reachable(values[key], environment, seen)
    ]
    assert len(held) > 1_000
    kinds = {type(one) for one in held}
    assert kinds <= PLAIN, kinds - PLAIN
    for kind in kinds - {str, int, bool, float, type(None), tuple}:
        assert not hasattr(kind, "__dict__") or all(
            not hasattr(one, "__dict__") for one in held if type(one) is kind
        )


def test_functions_of_layouts_are_a_fixed_list() -> None:
    environment = SandboxedLayouts(DictLoader({}))
    assert set(environment.globals) == {"range", "dict", "namespace", "cycler", "joiner"}
    own = {"balance", "format", "isbn", "running_head"}
    assert set(environment.filters) <= set(FILTERS) - {"attr", "pprint", "random"} | own
    assert not environment.extensions


@pytest.mark.parametrize(
    "expression",
    [
        "book.root",
        "section.tree",
        "section.title_tree",
        "book.resources",
        "fonts[0].path",
        "kind.__class__",
        "section['__class__']",
        "section._fields",
        "''.__class__.__mro__",
        "''['__class__']",
        "'{0.__class__}'.format(section)",
        "'{0.__class__}' | format(section)",
        "section | attr('__class__')",
        "[section] | map(attribute='__class__') | list",
        "[section] | map('attr', '__class__') | list",
        "[section] | groupby('__class__')",
        "[section] | selectattr('__class__') | list",
        "[section, section] | sort(attribute='__class__')",
        "[section] | sum(attribute='_fields', start=())",
        "range.__init__.__globals__",
        "dict.mro()",
        "joiner.__init__.__globals__",
        "cycler.__init__.__globals__",
        "cycler(1).__init__.__globals__",
        "namespace().__init__.__globals__",
        "lipsum.__globals__",
        "self.__init__.__globals__",
        "self._TemplateReference__context",
        "self['_TemplateReference__context']",
        "section.__init__.__globals__",
        "section.name.join.__self__",
        "words.get.__func__",
        "words.get.__globals__",
        "words._items",
        "pages.label.__globals__",
        "balance",
        "environment",
        "context",
        "(1).__class__",
        "none.__class__",
        "undefined_name.__class__",
        "undefined_name._undefined_exception",
        "section.name.translate({97: 98})",
    ],
)
def test_layouts_reach_no_object(
    expression: str, given: list[dict[str, object]], layouts_of: Callable[..., Layouts]
) -> None:
    layouts = layouts_of(probe=f"<p>\n{{{{ {expression} }}}}</p>")
    values = next(one for one in given if "section" in one and "pages" in one)
    with pytest.raises(FindingsError) as raised:
        layouts.render("probe", **values)
    assert (raised.value.path, raised.value.line) == ("styles/layouts/probe.html.j2", 2)
    assert raised.value.hint


@pytest.mark.parametrize(
    "block",
    [
        "{% for x in [1] %}{{ loop._iterable }}{% endfor %}",
        "{% for x in [1] recursive %}{{ loop.__call__.__globals__ }}{% endfor %}",
        "{% macro m() %}{% endmacro %}{{ m._func }}",
        "{% macro m() %}{{ caller.__class__ }}{% endmacro %}{% call m() %}{% endcall %}",
        "{% block b %}{{ self.b._context }}{% endblock %}",
        '{% import "house/meta.html.j2" as m %}{{ m.__dict__ }}',
        '{% include "../fonts.toml" %}',
        '{% include "/etc/hostname" %}',
        '{% extends "../../book.toml" %}',
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}{{ ns.__class__.__mro__ }}",
    ],
)
def test_blocks_of_layouts_reach_no_object(block: str, layouts_of: Callable[..., Layouts]) -> None:
    with pytest.raises(FindingsError) as raised:
        layouts_of(probe=f"{block}").render("probe", metadata={"language": "en"})
    assert raised.value.path == "styles/layouts/probe.html.j2"


def test_values_cannot_be_changed(layouts_of: Callable[..., Layouts]) -> None:
    for change in ("words.update({'a': 1})", "words.pop('a')", "names.append(1)", "[].append(1)"):
        with pytest.raises(FindingsError):
            layouts_of(probe=f"<p>{{{{ {change} }}}}</p>").render(
                "probe", words={"a": "b"}, names=()
            )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n{{ 'x' * 20000000000 }}", 2, "too large"),
        ("\n{{ [0] * 20000000000 }}", 2, "too large"),
        ("\n{{ 10 ** 5000 }}", 2, "too large"),
        ("\n{{ '%2000000000d' % 1 }}", 2, "too wide"),
        ("\n{{ '%2000000000d' | format(1) }}", 2, "too wide"),
        ("\n{% for x in range(200000) %}{% endfor %}", 2, "counts no further than 100,000"),
        ("<p>\n{% for x in range(1000) %}{{ 'x' * 100000 }}{% endfor %}</p>", 2, "20,000,000"),
        (
            "{% set ns = namespace(t='x' * 100000) %}\n"
            "{% for x in range(30) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
            2,
            "1,000 MB",
        ),
        ("\n{{ 'x' | center(20000000000) }}", 2, "1,000 MB"),
        ("\n{% include 'probe.html.j2' %}", 2, "includes itself"),
        ("{% macro m() %}\n{{ m() }}{% endmacro %}{{ m() }}", 2, "includes itself"),
        ("{% block b %}\n{{ self.b() }}{% endblock %}", 2, "includes itself"),
        ("\n{{ " + "(" * 2000 + ")" * 2000 + " }}", 2, ""),
        ("{% if 1 %}\n" * 300 + "{% endif %}" * 300, None, "nested too deeply"),
        ("\n{{ 1 / 0 }}", 2, "divides by zero"),
        ("\n{{ 'a' + 1 }}", 2, "concatenate"),
        ("\n{{ 'a' | no_such_filter }}", 2, "no_such_filter"),
        ("\n{% if %}", 2, "cannot be read"),
        ("\n{% include 'nowhere.html.j2' %}", 2, "no layout “nowhere.html.j2”"),
        ("\n{% include ['a', 'b'] %}", 2, "no layout “a” or “b”"),
        ("\n{% extends 7 %}", 2, "no layout “7”"),
        ("\n{% import dict as b %}", 2, "no layout"),
        ("\n{# unclosed", 2, "Missing end of comment tag"),
        ("\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("\n{{ nothing.more }}", 2, "'nothing' is undefined"),
        ("<p>\n<b>x</p>", 2, "does not close <b>"),
        ("\n{% for x in range(300) %}<b>{% endfor %}", 2, "nested more than 256 deep"),
        ("<p>\n&nbsp;</p>", 2, "well-formed XML"),
        ("<p a='1' a='2'/>", 1, "well-formed XML"),
        (
            "<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>\n<p>&x;</p>",
            1,
            "document type",
        ),
        ("<!DOCTYPE p SYSTEM 'http://127.0.0.1/x.dtd'>\n<p/>", 1, "document type"),
        ("<p>\n{{ '\\ud800' }}</p>", 2, "surrogate"),
    ],
)
def test_a_fault_of_a_layout_has_its_line(
    text: str, line: int | None, words: str, layouts_of: Callable[..., Layouts]
) -> None:
    with pytest.raises(FindingsError) as raised:
        layouts_of(probe=text).render("probe")
    error = raised.value
    assert words in error.problem, error.problem
    assert error.path == "styles/layouts/probe.html.j2"
    assert error.line == line if line is not None else error.line
    assert error.hint


@pytest.mark.slow
def test_a_layout_that_takes_too_long_is_ended(layouts_of: Callable[..., Layouts]) -> None:
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    layouts = layouts_of(probe=f"<p>\n{loop}</p>", other="<p>{{ word }}</p>")
    for _ in range(2):
        # The second time it is not tried.
        with pytest.raises(FindingsError, match="takes longer than 10 s") as raised:
            layouts.render("probe")
        assert (raised.value.path, raised.value.line) == ("styles/layouts/probe.html.j2", 2)
    assert layouts.render("other", word="whole") == "<p>whole</p>"


def test_the_process_may_be_started_by_a_thread_that_ends(
    layouts_of: Callable[..., Layouts],
) -> None:
    layouts, made = layouts_of(probe="<p>{{ word }}</p>"), list[str]()
    for number in range(2):
        thread = Thread(target=lambda: made.append(layouts.render("probe", word="whole")))
        thread.start()
        thread.join()
        time.sleep(0.3 * (1 - number))
    assert made == ["<p>whole</p>"] * 2


def test_the_process_ends_with_the_one_that_uses_it(tmp_path: Path) -> None:
    folder = tmp_path / "styles/layouts"
    folder.mkdir(parents=True)
    loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (folder / "probe.html.j2").write_text(loop, "utf-8")
    code = (
        "import pathlib, sys; from makeready.templates.environment import Layouts\n"
        "layouts = Layouts(pathlib.Path(sys.argv[1])); layouts._filler._begin()\n"
        "print(layouts._filler._process.pid, flush=True); layouts.render('probe')"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        process = Path(f"/proc/{int(user.stdout.readline())}")
        time.sleep(1)
        assert process.exists()
        user.kill()
        user.wait()
    deadline = time.monotonic() + 5
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process.exists()


@pytest.mark.parametrize(
    "markup",
    [
        "<script>1</script>",
        '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg"><set attributeName="href" to="x"/></svg>',
        '<iframe src="a.html"></iframe>',
        '<object data="a.swf"></object>',
        '<form action="http://127.0.0.1/"></form>',
        '<img src="http://127.0.0.1/a.png" alt=""/>',
        '<img src="//127.0.0.1/a.png" alt=""/>',
        '<img src="file:///etc/hostname" alt=""/>',
        '<img src="a.png" alt="" onerror="1"/>',
        '<a href="java\nscript:1">x</a>',
        '<a href="&#1;JAVASCRIPT:1">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<link rel="stylesheet" href="http://127.0.0.1/a.css"/>',
        '<meta http-equiv="refresh" content="0"/>',
        '<base href="http://127.0.0.1/"/>',
        "<style>@import 'http://127.0.0.1/a.css';</style>",
        '<p style="background: url( http://127.0.0.1/a.png)">x</p>',
    ],
)
@pytest.mark.parametrize("name", ["chapter", "kit-form"])
def test_layouts_make_nothing_that_runs_or_is_fetched(
    name: str, markup: str, layouts_of: Callable[..., Layouts]
) -> None:
    with pytest.raises(FindingsError) as raised:
        layouts_of(**{name: f"<html><body>\n{markup}</body></html>"}).render(name)
    assert raised.value.path == f"styles/layouts/{name}.html.j2"
    assert raised.value.line in {2, 3}


@pytest.mark.parametrize(
    "markup",
    [
        '<s:script xmlns:s="http://www.w3.org/1999/xhtml">1</s:script>',
        "<?xml-stylesheet href='http://127.0.0.1/a.css'?>",
    ],
)
def test_layouts_make_nothing_that_runs_in_xml(
    markup: str, layouts_of: Callable[..., Layouts]
) -> None:
    for text in (f"<p>{markup}</p>", f"{markup}<p/>")[: 1 + markup.startswith("<?")]:
        with pytest.raises(FindingsError, match=r"<script>|processing instruction"):
            layouts_of(chapter=text).render("chapter")


def test_links_and_images_of_layouts_are_kept(layouts_of: Callable[..., Layouts]) -> None:
    text = (
        '<html><head><meta charset="utf-8"/><link rel="license" href="https://example.org/"/>'
        "<style>p { background: url(images/a.png) }</style></head>"
        '<body><a href="https://example.org/?a:b">x</a><a href="chapter-2.xhtml#a:b">x</a>'
        '<a href="mailto:a@example.org">x</a><img src="images/a.png" alt=""/>'
        '<img src="data:image/png;base64,AAAA" alt=""/><p style="color: red">on</p></body></html>'
    )
    for name in ("chapter", "kit-form"):
        assert layouts_of(**{name: text}).render(name) == text


@pytest.mark.parametrize(
    ("inside", "is_allowed"),
    [
        ('<path d="M0 0h1"/>', True),
        ("<script>1</script>", False),
        ('<path onload="x()" d="M0 0h1"/>', False),
        ('<image href="https://example.org/a.png" width="1" height="1"/>', False),
    ],
)
def test_a_drawing_in_an_address_is_allowed_if_nothing_in_it_runs(
    layouts_of: Callable[..., Layouts], inside: str, is_allowed: bool
) -> None:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1">{inside}</svg>'
    url = f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"
    text = f'<html><head><title>T</title></head><body><img src="{url}" alt="x"/></body></html>'
    with nullcontext() if is_allowed else pytest.raises(FindingsError):
        assert layouts_of(chapter=text).render("chapter") == text


def _link(path: Path, secret: Path) -> None:
    path.symlink_to(secret)


def _folder_link(path: Path, secret: Path) -> None:
    path.parent.joinpath("sub").symlink_to(secret.parent, target_is_directory=True)
    path.write_text("{% include 'sub/secret.txt' %}", "utf-8")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_link, "outside the book"),
        (_folder_link, "outside the book"),
        (lambda path, _: os.mkfifo(path), "not an ordinary file"),
        (lambda path, _: path.symlink_to("/dev/zero"), "outside the book"),
        (lambda path, _: path.symlink_to("probe.html.j2"), "outside the book"),
        (lambda path, _: path.write_text("x" * 1_000_001, "utf-8"), "larger than 1,000,000 bytes"),
        (lambda path, _: path.write_bytes("<p>\ncafé</p>".encode("latin-1")), "not UTF-8"),
    ],
)
def test_a_layout_is_an_ordinary_file_of_the_book(
    make: Callable[[Path, Path], object], words: str, tmp_path: Path
) -> None:
    secret = tmp_path / "outside/secret.txt"
    secret.parent.mkdir()
    secret.write_text("a secret of the machine", "utf-8")
    folder = tmp_path / "book/styles/layouts"
    folder.mkdir(parents=True)
    make(folder / "probe.html.j2", secret)
    with pytest.raises(FindingsError) as raised:
        Layouts(tmp_path / "book").render("probe")
    assert words in raised.value.problem
    assert raised.value.path in {
        "styles/layouts/probe.html.j2",
        "styles/layouts/sub",
    }


def test_a_layout_may_be_a_link_to_another(tmp_path: Path) -> None:
    folder = tmp_path / "styles/layouts"
    folder.mkdir(parents=True)
    (folder / "other.html.j2").write_text("<p>one</p>", "utf-8")
    (folder / "probe.html.j2").symlink_to("other.html.j2")
    assert Layouts(tmp_path).render("probe") == "<p>one</p>"


def test_every_filter_works_without_files(layouts_of: Callable[..., Layouts]) -> None:
    """The process of a stranger's layouts can open no file, not even one of Python's."""
    text = (
        "<p>{{ '9783161484100' | isbn }} {{ 'a <b> & c' | striptags }} {{ 'a b' | wordwrap(1) }}"
        " {{ 'é?' | urlencode }} {{ 'see https://example.org' | urlize }} {{ {'a': 1} | tojson }}"
        " {{ 'caf\\u00e9' | title }} {{ '1.5' | float | round }} {{ 'a' | balance(9, 'en') }}"
        " {{ ['b', 'a'] | sort | join }} {{ {'a': 'b'} | xmlattr }} {{ 'a&amp;b' | safe }}"
        " {{ 2000000 | filesizeformat }} {{ 'a\\nb' | indent }} {{ body.unescape() }}</p>"
    )
    values = {"body": Markup("1 &lt; 2")}
    inside = LayoutFiller(layouts_of()._filler._files)  # type: ignore[union-attr]
    made = layouts_of(probe=text).render("probe", **values)
    assert "978-3-16-148410-0" in made
    template = inside.environment.from_string(text)
    assert made == template.render(**values)


@pytest.mark.slow
def test_a_book_with_its_own_layouts_has_the_same_bytes(
    broken_book: Callable[..., Path], tmp_path: Path
) -> None:
    book, made = broken_book(), []
    for name in ("without", "with"):
        output = tmp_path / name
        where = ("--output", output, "--cache", CACHE, "--kind", "epub")
        run = makeready("build", "--book", book, *where)
        assert run.code == 0, run.err
        made.append(next(output.glob("*.epub")).read_bytes())
        (book / "styles/layouts").mkdir(parents=True, exist_ok=True)
        for kind in ("chapter", "toc", "navigation", "cover"):
            text = f'{{% extends "house/{kind}.html.j2" %}}'
            (book / f"styles/layouts/{kind}.html.j2").write_text(text, "utf-8")
    assert made[0] == made[1]
