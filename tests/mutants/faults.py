"""Faults seeded into a module's source, one at a time: a limit off by one, a condition turned."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_CONDITIONS = (ast.If, ast.IfExp, ast.While)
_PLAIN = (ast.Name, ast.Attribute, ast.Call, ast.Subscript)


@dataclass(frozen=True, slots=True)
class Fault:
    """One change of a module: its line, the code there, and what takes its place."""

    line: int
    before: str
    after: str
    start: int
    end: int

    def seed(self, source: bytes) -> bytes:
        """Return the source with the fault in it."""
        # In brackets, for what is put in may bind less than what was there.
        code = self.after if self.after.startswith("return ") else f"({self.after})"
        return source[: self.start] + code.encode() + source[self.end :]


def faults_of(source: bytes) -> list[Fault]:
    """Return the faults that can be seeded into a module, in the order of its lines."""
    starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    found = []
    for node, change in _changes(ast.parse(source)):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        after = ast.unparse(change)
        found.append(Fault(node.lineno, source[start:end].decode(), after, start, end))
    return sorted(set(found), key=lambda fault: (fault.start, fault.end, fault.after))


Change = tuple[ast.expr | ast.stmt, ast.AST]
"""A node, and one that may take its place."""


def _changes(tree: ast.AST) -> Iterator[Change]:
    for child in _children(tree):
        if isinstance(child, ast.expr):
            yield from _of_expression(child)
        elif isinstance(child, ast.Return) and _is_worth_none(child.value):
            yield child, ast.Return(ast.Constant(None))
        elif isinstance(child, ast.Expr) and isinstance(child.value, ast.Call):
            yield child.value, ast.Constant(None)
        elif isinstance(child, ast.AugAssign):
            yield from _of_increment(child)
        if isinstance(child, _CONDITIONS) and isinstance(child.test, _PLAIN):
            yield child.test, ast.UnaryOp(ast.Not(), child.test)
        yield from _changes(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes under one that are run when the program is, and are not for mypy alone."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            # Positions inside an f-string are wrong before Python 3.12.
            if isinstance(child, ast.AST) and not isinstance(child, ast.Assert | ast.JoinedStr):
                yield child


def _of_expression(node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in _COMPARISONS[type(operator)]:
                    changed = copy.deepcopy(node)
                    changed.ops[index] = other()
                    yield node, changed
        case ast.Constant(value=bool(value)):
            yield node, ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield node, ast.Constant(value + 1)
            yield node, ast.Constant(value - 1)
        case ast.BoolOp():
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            yield node, ast.BoolOp(other, node.values)
            for index in range(len(node.values)):
                left = node.values[:index] + node.values[index + 1 :]
                yield node, left[0] if len(left) == 1 else ast.BoolOp(node.op, left)
        case ast.UnaryOp(op=ast.Not()):
            yield node, node.operand
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            yield node, ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
        case ast.Call(func=ast.Name(id=name)) if name in _FUNCTIONS:
            yield node.func, ast.Name(_FUNCTIONS[name])
        case ast.Subscript(slice=ast.Slice()):
            yield from _of_slice(node, node.slice)


def _of_slice(node: ast.Subscript, part: ast.Slice) -> Iterator[Change]:
    """Yield slices that are off by one, where no constant of theirs is changed by itself."""
    ends = [("lower", part.lower, 1), ("upper", part.upper, -1)]
    for name, end, whole in ends:
        changed = copy.deepcopy(part)
        if end is None:
            setattr(changed, name, ast.Constant(whole))
        elif isinstance(end, ast.Constant | ast.UnaryOp):
            continue
        else:
            setattr(changed, name, ast.BinOp(end, ast.Add(), ast.Constant(1)))
        yield node, ast.Subscript(node.value, changed)


def _of_increment(node: ast.AugAssign) -> Iterator[Change]:
    """Yield the increment of a wrong sign, as the value alone: the statement keeps its operator."""
    if isinstance(node.op, ast.Add | ast.Sub):
        yield node.value, ast.UnaryOp(ast.USub(), node.value)


def _is_worth_none(value: ast.expr | None) -> bool:
    """Whether a function returns something that None can be told from."""
    if isinstance(value, ast.Constant):
        return not (value.value is None or isinstance(value.value, bool))
    return value is not None
