"""``make`` makes again what is out of date, and nothing else."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands in for makeready: notes how it was called, and writes what that command would write.
STUB = """\
#!{python}
import pathlib, sys
arguments = sys.argv[1:]
value = lambda option: arguments[arguments.index(option) + 1]
log = pathlib.Path("calls.log")
short = [a for a in arguments if a not in ("--stamp", value("--stamp"))]
log.write_text((log.read_text() if log.exists() else "") + " ".join(short) + "\\n")
book, output = pathlib.Path(value("--book")), pathlib.Path(value("--output"))
if (book / "broken.md").exists():
    sys.exit(1)
kinds = [b for a, b in zip(arguments, arguments[1:]) if a == "--kind"]
kinds = kinds or (["cover"] if arguments[0] == "cover" else ["print", "screen", "epub"])
names = {{"print": ["b.pdf"], "screen": ["s.pdf"], "epub": ["b.epub", "b.jpg"], "cover": ["b.jpg"]}}
written = [output / name for kind in kinds for name in names[kind]]
output.mkdir(parents=True, exist_ok=True)
for path in written:
    path.write_text("made")
lines = ["# book: " + str(book), *map(str, written)]
pathlib.Path(value("--stamp")).write_text("\\n".join(lines))
"""

PDF = "build --kind print --kind screen --book manuscript --output dist"
EPUB = "build --kind epub --book manuscript --output dist"
ALL = "build --book manuscript --output dist"
COVER = "cover --book manuscript --output dist"


class Tree:
    """A copy of the project small enough to make in a moment, with the stub in place."""

    def __init__(self, root):
        self.root = root
        for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
            shutil.copy2(ROOT / name, root / name)
        tools = root / "scripts/makeready/bootstrap"
        tools.mkdir(parents=True)
        for name in ("up_to_date.py", "system_packages.py", "system_packages.toml"):
            shutil.copy2(ROOT / "scripts/makeready/bootstrap" / name, tools)
        for name in ("__init__.py", "files.py", "deletion.py"):
            shutil.copy2(ROOT / "scripts/makeready" / name, tools.parent)
        for name in ("book", "print", "screen", "epub", "cover"):
            self.write(f"styles/css/{name}.css")
        self.write("styles/layouts/chapter.html.j2")
        self.write("manuscript/book.toml")
        self.write("manuscript/chapter-1.md")
        binary = root / ".venv/bin"
        binary.mkdir(parents=True)
        (binary / "python").symlink_to(sys.executable)
        self.write(".venv/bin/makeready", STUB.format(python=sys.executable))
        (binary / "makeready").chmod(0o755)
        self.write(".venv/.installed")
        self.write(".venv/.installed-dev")

    def write(self, name, text="text"):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def touch(self, name):
        state = (self.root / name).stat()
        os.utime(self.root / name, ns=(state.st_atime_ns, state.st_mtime_ns + 10**9))

    def make(self, *arguments, code=0):
        """Run make; return the calls of makeready it made."""
        log = self.root / "calls.log"
        log.unlink(missing_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
        ran = subprocess.run(
            ["make", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        self.said = ran.stdout
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


@pytest.fixture
def made(tree):
    assert tree.make() == [ALL]
    return tree


def test_second_make_calls_nothing(made):
    assert made.make() == []
    assert made.said == "all: up to date.\n"
    assert made.make("pdf") == []
    assert made.make("epub") == []


@pytest.mark.parametrize(
    ("changed", "calls"),
    [
        ("manuscript/chapter-1.md", [ALL]),
        ("manuscript/book.toml", [ALL]),
        ("styles/layouts/chapter.html.j2", [ALL]),
        ("styles/css/book.css", [ALL]),
        ("styles/css/print.css", [ALL]),
        ("styles/css/screen.css", [PDF]),
        ("styles/css/epub.css", [EPUB]),
        ("styles/css/cover.css", [ALL]),
        ("scripts/makeready/bootstrap/up_to_date.py", [ALL]),
    ],
)
def test_a_changed_file_makes_again_what_is_made_of_it(made, changed, calls):
    made.touch(changed)
    assert made.make() == calls
    assert made.make() == []


@pytest.mark.parametrize(
    ("lost", "calls"), [("b.pdf", [PDF]), ("s.pdf", [PDF]), ("b.epub", [EPUB]), ("b.jpg", [EPUB])]
)
def test_a_lost_artefact_is_made_again(made, lost, calls):
    (made.root / "dist" / lost).unlink()
    assert made.make() == calls
    assert (made.root / "dist" / lost).exists()
    assert made.make() == []


def test_a_new_file_and_a_removed_one_count(made):
    made.write("manuscript/images/map one.png")
    assert made.make() == [ALL]
    (made.root / "manuscript/images/map one.png").unlink()
    assert made.make() == [ALL]
    assert made.make() == []


def test_a_file_put_back_from_an_older_copy_counts(made):
    chapter = made.write("manuscript/chapter-1.md", "older")
    os.utime(chapter, ns=(0, 0))
    assert made.make() == [ALL]


def test_what_is_not_the_book_s_does_not_count(made):
    made.write("manuscript/.chapter-1.md.swp")
    made.write("manuscript/chapter-1.md~")
    made.write("scripts/makeready/__pycache__/cli.cpython-311.pyc")
    made.write("tests/test_new.py")
    assert made.make() == []


def test_another_book_in_the_same_folder_is_made(made):
    shutil.copytree(made.root / "manuscript", made.root / "other")
    assert made.make("BOOK=other") == ["build --book other --output dist"]
    assert made.make("BOOK=other") == []
    assert made.make() == [ALL]


@pytest.mark.parametrize("name", ["the best one", 'it\'s "so"', "a `b` \\ $$c; #1"])
def test_paths_with_spaces_and_worse(tree, name):
    where = [f"BOOK=my books/{name}", f"OUTPUT=out of/{name}"]
    # A dollar is make's own: a value on its command line has it twice.
    book, output = (tree.root / w.partition("=")[2].replace("$$", "$") for w in where)
    book.parent.mkdir()
    (tree.root / "manuscript").rename(book)
    assert len(tree.make(*where)) == 1
    assert (output / "b.pdf").exists()
    assert tree.make(*where) == []
    (book / "chapter two.md").write_text("text")
    assert len(tree.make(*where)) == 1
    assert tree.make("clean", *where) == []
    assert list(output.iterdir()) == []


def test_an_output_folder_inside_the_book_is_not_part_of_it(tree):
    where = ["OUTPUT=manuscript/dist"]
    assert len(tree.make(*where)) == 1
    assert tree.make(*where) == []


def test_a_failed_run_is_not_taken_for_a_made_one(tree):
    tree.write("manuscript/broken.md")
    assert tree.make(code=2) == [ALL]
    assert tree.make(code=2) == [ALL]
    (tree.root / "manuscript/broken.md").unlink()
    assert tree.make() == [ALL]


def test_a_damaged_record_is_made_anew(made):
    (made.root / "dist/.built-pdf").write_text("{")
    assert made.make() == [PDF]
    assert made.make() == []


@pytest.mark.parametrize(("target", "call"), [("pdf", PDF), ("epub", EPUB), ("cover", COVER)])
def test_one_target_alone(tree, target, call):
    assert tree.make(target) == [call]
    assert tree.make(target) == []


def test_clean_takes_what_was_made_and_leaves_what_is_not_ours(made):
    made.write("dist/notes.pdf")
    made.write("dist/.gitkeep")
    made.make("clean")
    assert sorted(p.name for p in (made.root / "dist").iterdir()) == [".gitkeep", "notes.pdf"]
    assert (made.root / ".venv").exists()
    assert made.make() == [ALL]


def test_clean_takes_what_the_manifest_lists(tree):
    tree.write("dist/direct.pdf")
    tree.write("dist/manifest.json", '{"files": [{"path": "direct.pdf"}, {"path": "gone.epub"}]}')
    tree.make("clean")
    assert list((tree.root / "dist").iterdir()) == []


def test_clean_takes_nothing_outside_the_output_folder(tree):
    kept = tree.write("mine.pdf")
    tree.write("dist/manifest.json", '{"files": [{"path": "../mine.pdf"}, {"path": "."}]}')
    tree.write("dist/.built-pdf", json.dumps({"artefacts": ["mine.pdf", str(kept)]}))
    tree.write("dist/.built-epub", "[1]")
    tree.make("clean")
    assert kept.exists()


@pytest.mark.parametrize(("kind", "calls"), [("print", []), ("epub", [EPUB])])
def test_make_asks_for_no_kind_that_the_book_has_not(tree, kind, calls):
    tree.write("manuscript/book.toml", f'[editions.one]\nkind = "{kind}"\n')
    assert tree.make("pdf") == [PDF]
    assert tree.make() == calls
    # By its own name it is asked for: makeready then says what the book has.
    tree.touch("styles/css/epub.css")
    assert tree.make("epub") == [EPUB]


def test_help_lists_every_target(tree):
    tree.make("help")
    listed = set(re.findall(r"^  make ([\w-]+)", tree.said, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert listed == set(phony[1].split())


def test_clean_takes_the_upload_folders_and_what_is_not_ours_stays(made):
    for name in ("kdp/book.pdf", "kdp/pages/1.png", "lulu/book.pdf", "lulu/notes of mine.txt"):
        made.write(f"dist/kit/{name}")
    made.write("dist/kit/kdp/SHA256SUMS", "00  book.pdf\n00  pages/1.png\n00  ../../../Makefile\n")
    made.write("dist/kit/lulu/SHA256SUMS", "00  book.pdf\n")
    made.make("clean")
    left = [path for path in (made.root / "dist/kit").rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["notes of mine.txt"]
    assert not (made.root / "dist/kit/kdp").exists()
    assert (made.root / "Makefile").is_file()


THESIS = "keep"


@pytest.mark.parametrize(
    ("link", "listed"),
    [
        ("dist/kit/x", "00  thesis.pdf\n00  pages/thesis.png\n"),
        ("dist/kit/x/pages", "00  pages/thesis.png\n00  thesis.pdf\n"),
        ("dist/kit/x", "00  docs/thesis.txt\n"),
        ("dist/kit", None),
        ("dist", None),
    ],
)
def test_clean_follows_no_link(tree, link, listed):
    victim = tree.root / "victim"
    kept = [
        tree.write(f"victim/{name}", THESIS)
        for name in ("thesis.pdf", "thesis.png", "pages/thesis.png", "docs/thesis.txt")
    ]
    if link.endswith("pages"):
        tree.write("dist/kit/x/SHA256SUMS", listed)
    elif listed is not None:
        kept.append(tree.write("victim/SHA256SUMS", listed))
    else:
        kept.append(tree.write("victim/x/SHA256SUMS", "00  thesis.pdf\n"))
        kept.append(tree.write("victim/x/thesis.pdf"))
        kept.append(tree.write("victim/kit/x/SHA256SUMS", "00  thesis.pdf\n"))
        kept.append(tree.write("victim/kit/x/thesis.pdf"))
        kept.append(tree.write("victim/manifest.json", '{"files": [{"path": "thesis.pdf"}]}'))
    (tree.root / link).parent.mkdir(parents=True, exist_ok=True)
    (tree.root / link).symlink_to(victim)
    tree.make("clean")
    assert [path for path in kept if not path.exists()] == []


@pytest.mark.parametrize(
    "path",
    [
        "thesis.txt",
        "docs/thesis.pdf",
        "../thesis.pdf",
        ".git",
        "..",
        ".",
        "",
        "a\0.pdf",
        "/x.pdf",
        1,
    ],
)
def test_clean_takes_only_names_that_a_build_writes(tree, path):
    kept = [tree.write(name) for name in ("dist/thesis.txt", "dist/docs/thesis.pdf", "thesis.pdf")]
    kept.append(tree.write("dist/.git/config").parent)
    tree.write("dist/manifest.json", json.dumps({"files": [{"path": path}]}))
    tree.write("dist/.built-pdf", json.dumps({"artefacts": [f"dist/{path}", path]}))
    tree.write("dist/kit/x/SHA256SUMS", f"00  {path}\n00  ../{path}\n00  ../../{path}\n")
    kept += [tree.write(f"dist/kit/x/{name}") for name in ("thesis.txt", "docs/thesis.pdf")]
    tree.make("clean")
    assert [path for path in kept if not path.exists()] == []
    assert not (tree.root / "dist/manifest.json").exists()


def test_clean_deletes_no_folder_and_no_link_with_a_listed_name(tree):
    kept = tree.write("thesis.pdf")
    tree.write("dist/folder.pdf/inside.txt")
    (tree.root / "dist/link.pdf").symlink_to(kept)
    listed = {"files": [{"path": "folder.pdf"}, {"path": "link.pdf"}]}
    tree.write("dist/manifest.json", json.dumps(listed))
    tree.make("clean")
    assert kept.exists()
    assert (tree.root / "dist/folder.pdf/inside.txt").exists()


def test_a_record_is_not_written_through_a_link(tree):
    kept = tree.write("thesis.txt", THESIS)
    (tree.root / "dist").mkdir()
    (tree.root / "dist/.built-pdf").symlink_to(kept)
    tree.make()
    assert kept.read_text() == THESIS
    assert tree.make() == []
