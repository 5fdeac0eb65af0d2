"""Eight numbers that numba computes with as one: a SIMD vector type for compiled kernels.

Numba vectorises neither a loop of eight steps (LLVM unrolls it first) nor code that writes through
several arrays (it must assume that they overlap). With a vector as a value a kernel reads like the
scalar formula and runs three times as fast. Only `+ − × ÷`, `load`, `store`, `spread`,
`keep_where` and `logarithm` exist.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, models, overload, register_model

LANES = 8


class LanesType(types.Type):
    """The numba type of a vector of LANES doubles."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes_type = LanesType()
VECTOR = ir.VectorType(ir.DoubleType(), LANES)


@register_model(LanesType)
class LanesModel(models.PrimitiveModel):
    """A vector is held in a register, as it is."""

    def __init__(self, manager: Any, numba_type: LanesType) -> None:
        super().__init__(manager, numba_type, VECTOR)  # type: ignore[no-untyped-call]


def _broadcast(builder: Any, scalar: Any) -> Any:
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, one, mask)


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    view = context.make_array(array_type)(context, builder, array)
    pointer = builder.gep(view.data, [index])
    return builder.bitcast(pointer, VECTOR.as_pointer())


def _spread(typing_context: Any, scalar: Any) -> Any:
    """A vector with the same number in every lane."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _broadcast(builder, arguments[0])

    return lanes_type(types.float64), generate


def _load(typing_context: Any, array: Any, index: Any) -> Any:
    """The LANES numbers of a contiguous array of doubles that begin at an index."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _address(context, builder, signature.args[0], *arguments)
        return builder.load(address, align=8)

    return lanes_type(array, types.int64), generate


def _store(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """Writes a vector where `load` would read it."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        array_value, index_value, vector = arguments
        address = _address(context, builder, signature.args[0], array_value, index_value)
        builder.store(vector, address, align=8)
        return context.get_dummy_value()

    return types.void(array, types.int64, lanes_type), generate


def _keep_where(typing_context: Any, judged: Any, limit: Any, value: Any) -> Any:
    """`value` in the lanes where `judged` is above a limit, 0 in the others."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        judged_value, limit_value, kept = arguments
        above = builder.fcmp_ordered(">", judged_value, _broadcast(builder, limit_value))
        return builder.select(above, kept, ir.Constant(VECTOR, [0.0] * LANES))

    return lanes_type(lanes_type, types.float64, lanes_type), generate


MANTISSA = 0x000FFFFFFFFFFFFF
HALF_EXPONENT = (
    0x3FE0000000000000  # the bits of a half: what a mantissa becomes a number in [½, 1) by
)
BIAS = 1022
INTEGERS = ir.VectorType(ir.IntType(64), LANES)


def _exponent(typing_context: Any, value: Any) -> Any:
    """The exponent e of a positive, normal number m · 2ᵉ, ½ ≤ m < 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], INTEGERS)
        raised = builder.lshr(bits, ir.Constant(INTEGERS, [52] * LANES))
        return builder.sitofp(builder.sub(raised, ir.Constant(INTEGERS, [BIAS] * LANES)), VECTOR)

    return lanes_type(lanes_type), generate


def _mantissa(typing_context: Any, value: Any) -> Any:
    """The mantissa m of a positive, normal number m · 2ᵉ, ½ ≤ m < 1."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.bitcast(arguments[0], INTEGERS)
        kept = builder.and_(bits, ir.Constant(INTEGERS, [MANTISSA] * LANES))
        found = builder.or_(kept, ir.Constant(INTEGERS, [HALF_EXPONENT] * LANES))
        return builder.bitcast(found, VECTOR)

    return lanes_type(lanes_type), generate


exponent: Any = intrinsic(_exponent)
mantissa: Any = intrinsic(_mantissa)
spread: Any = intrinsic(_spread)
load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
keep_where: Any = intrinsic(_keep_where)


def _both(name: str) -> Any:
    def apply(typing_context: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            # no fused or reordered arithmetic is asked for: the same bits on every machine
            return getattr(builder, name)(*arguments)

        return lanes_type(lanes_type, lanes_type), generate

    return intrinsic(apply)


def _define(operation: Callable[..., Any], name: str) -> None:
    """Gives an operator its meaning between vectors, and between a vector and a number."""
    apply = _both(name)

    @overload(operation, inline="always")
    def meaning(left, right):  # type: ignore[no-untyped-def]  # numba compares signatures to the letter
        is_vector = [isinstance(side, LanesType) for side in (left, right)]
        if all(is_vector):
            return lambda left, right: apply(left, right)
        if is_vector[0] and isinstance(right, types.Float):
            return lambda left, right: apply(left, spread(right))
        if is_vector[1] and isinstance(left, types.Float):
            return lambda left, right: apply(spread(left), right)
        return None


for _name, *_operations in (
    ("fadd", operator.add, operator.iadd),
    ("fsub", operator.sub, operator.isub),
    ("fmul", operator.mul, operator.imul),
    ("fdiv", operator.truediv, operator.itruediv),
):
    for _operation in _operations:
        _define(_operation, _name)


LN2 = 0.6931471805599453
ROOT_HALF = 0.7071067811865476


@njit(cache=True, inline="always")
def logarithm(value):  # type: ignore[no-untyped-def]  # a vector: numba knows its type
    """The natural logarithm of positive, normal numbers, to the last digit or two.

    log(m · 2ᵉ) = e · log 2 + log √½ + 2 artanh t, with t = (m − √½) / (m + √½), |t| < .172: the
    series in t² ends where it no longer counts.
    """
    m = mantissa(value)
    t = (m - ROOT_HALF) / (m + ROOT_HALF)
    s = t * t
    series = s * (1.0 / 21.0) + (1.0 / 19.0)
    series = series * s + (1.0 / 17.0)
    series = series * s + (1.0 / 15.0)
    series = series * s + (1.0 / 13.0)
    series = series * s + (1.0 / 11.0)
    series = series * s + (1.0 / 9.0)
    series = series * s + (1.0 / 7.0)
    series = series * s + (1.0 / 5.0)
    series = series * s + (1.0 / 3.0)
    series = series * s + 1.0
    # the last term is 0, or NaN where the value is infinite or NaN: its bits would hide it
    return (exponent(value) - 0.5) * LN2 + t * series * 2.0 + (value - value)
