"""CloudWatch's metric math, as far as the templates speak it: arithmetic, comparisons and IF, point by point.

As documented ("Using metric math"): where a series has no value but another one of the expression has, it
counts as 0; where none has, there is no value; a division by zero drops the point.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping

__all__ = ["evaluate", "names_in"]

BINARY: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
COMPARISONS: dict[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}


def names_in(expression: str) -> set[str]:
    """The ids of the series that an expression reads."""
    tree = ast.parse(expression, mode="eval")
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"IF"}


def evaluate(expression: str, values: Mapping[str, float | None]) -> float | None:
    """The value of one point, None for none. Raises ValueError for what is not understood.

    >>> evaluate("100 * a / (a + b)", {"a": 1, "b": None}), evaluate("a + b", {"a": None, "b": None})
    (100.0, None)
    >>> evaluate("a / b", {"a": 1, "b": None}) is None
    True
    >>> evaluate("IF(a >= 2, a, 0)", {"a": 1.0})
    0
    """
    read = names_in(expression)
    if all(values[name] is None for name in read):
        return None
    try:
        return value_of(ast.parse(expression, mode="eval").body, values)
    except ZeroDivisionError:
        return None


def value_of(node: ast.expr, values: Mapping[str, float | None]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.Name(id=name):
            return values[name] or 0
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return BINARY[type(op)](value_of(left, values), value_of(right, values))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARISONS:
            return float(COMPARISONS[type(op)](value_of(left, values), value_of(right, values)))
        case ast.Call(func=ast.Name(id="IF"), args=[condition, yes, no]):
            return value_of(yes if value_of(condition, values) else no, values)
    raise ValueError(f"metric math that is not understood here: {ast.unparse(node)}")
