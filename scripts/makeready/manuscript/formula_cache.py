"""Formulas that were set before: in this process, and in the cache of earlier builds."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field

from makeready.manuscript.cache import SectionCache
from makeready.manuscript.formula import Formula, set_formula
from makeready.manuscript.formula_drawing import Drawing

_KEPT = 4096


@dataclass(frozen=True, slots=True)
class FormulaSetter:
    """Sets the formulas of a book, each once; those that cannot be set are not kept."""

    cache: SectionCache | None = None
    _known: dict[tuple[str, bool, str], Formula] = field(default_factory=dict)

    def set(self, tex: str, *, is_displayed: bool, language: str) -> Formula:
        """Set a formula in a text of a language; raise `FormulaError` if that cannot be done."""
        about = (tex, is_displayed, language)
        if about not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[about] = self._loaded_or_set(*about)
        return self._known[about]

    def _loaded_or_set(self, tex: str, is_displayed: bool, language: str) -> Formula:
        if self.cache is None:
            return set_formula(tex, is_displayed=is_displayed, language=language)
        key = self.cache.key(tex.encode(), "formula", is_displayed, language)
        entry = self.cache.get(key)
        if entry is not None:
            return _loaded(entry)
        formula = set_formula(tex, is_displayed=is_displayed, language=language)
        self.cache.put(key, _dumped(formula))
        return formula


def _dumped(formula: Formula) -> bytes:
    return json.dumps(dataclasses.astuple(formula)).encode()


def _loaded(entry: bytes) -> Formula:
    mathml, drawing, pieces, baselines = json.loads(entry)
    drawings = tuple(Drawing(*values) for values in pieces)
    return Formula(mathml, Drawing(*drawing), drawings, tuple(baselines))
