"""veraPDF: found, run, read; and our own rules beside it."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from tagged_pdf import tagged_pdf

from conftest import makeready
from makeready.checks.tagged_pdf.tagged_pdf import check_tagged_file
from makeready.errors import EngineError
from makeready.external.verapdf import run_verapdf
from makeready.findings import Findings, Severity
from verapdf_program import path_with_verapdf


@pytest.fixture(scope="module")
def verapdf_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return path_with_verapdf(tmp_path_factory.mktemp("verapdf"))


@pytest.fixture
def verapdf(verapdf_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", verapdf_path)


def _files(folder: Path) -> list[Path]:
    """Return a clean file, and files with one fault each, named by the clause it is against."""
    for name in ("clean", "7.1-3", "7.3-1", "7.18.5-2", "7.4.2-1", "7.9-1"):
        pdf = tagged_pdf()
        section = pdf.Root.StructTreeRoot.K[0].K[0]
        kids = {str(kid.S): kid for kid in section.K}
        if name == "7.1-3":
            pdf.pages[0].contents_add(b"0 0 9 9 re f")
        elif name == "7.3-1":
            del kids["/Figure"]["/Alt"]
        elif name == "7.18.5-2":
            del pdf.pages[0].obj.Annots[0]["/Contents"]
        elif name == "7.4.2-1":
            kids["/H2"].S = Name.H4
        elif name == "7.9-1":
            del kids["/Note"]["/ID"]
        pdf.save(folder / f"{name}.pdf")
    return sorted(folder.glob("*.pdf"))


@pytest.mark.usefixtures("verapdf")
def test_it_finds_what_our_own_rules_find(tmp_path: Path) -> None:
    """One run: Java takes seconds to start."""
    files = _files(tmp_path)
    failures = run_verapdf(files)
    assert failures is not None
    for file in files:
        found = failures[file]
        # A link without words is against two clauses.
        also = ["7.18.1-2"] if file.stem == "7.18.5-2" else []
        assert [f.id for f in found] == [*also, *({file.stem} - {"clean"})]
        own = Findings()
        with pytest.MonkeyPatch.context() as without:
            without.setenv("PATH", "")
            check_tagged_file(file, own)
        assert len(own) == (file.stem != "clean"), file.stem
        assert {f.severity for f in found} <= {Severity.ERROR}
    (one,) = failures[tmp_path / "7.9-1.pdf"]
    assert one.hint.startswith("ISO 14289-1:2014, clause 7.9: ")
    assert one.message.endswith("(1 place; veraPDF).")


def test_the_command_uses_it_where_it_is_installed(tmp_path: Path, verapdf_path: str) -> None:
    target = tmp_path / "small.pdf"
    pdf = tagged_pdf()
    # No rule of ours: the name of a layer.
    layers = Dictionary(OCGs=Array(), D=Dictionary(), Configs=Array([Dictionary(Name=String("x"))]))
    pdf.Root.OCProperties = layers
    pdf.save(target)
    assert makeready("check", target, "--json").findings == []
    run = makeready("check", target, "--json", PATH=verapdf_path)
    assert [finding[0] for finding in run.findings] == ["7.10-1"]


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo no; exit 3", "veraPDF gave no report on small.pdf"),
        ('echo \'{"report": {"jobs": []}}\'', "veraPDF gave no report on small.pdf"),
        ("sleep 9", "veraPDF did not finish small.pdf in 0.2 s"),
    ],
)
def test_one_that_does_not_work(
    script: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "verapdf"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(EngineError, match=message):
        run_verapdf([tmp_path / "small.pdf"], timeout_seconds=0.2 if "sleep" in script else 60)


def test_a_machine_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run_verapdf([tmp_path / "small.pdf"]) is None
    target = tmp_path / "small.pdf"
    tagged_pdf().save(target)
    findings = Findings()
    check_tagged_file(target, findings)
    assert list(findings) == []
    with pikepdf.open(target) as pdf:
        assert pdf.Root.MarkInfo.Marked
