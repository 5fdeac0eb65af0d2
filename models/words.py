"""A pass over the trie of a skill: words, then stems, then tips, and back again.

Every word has a matrix: M(s, s') = P(its answers, state s' after the last | s before the first).
With one answer it is diagonal; with one more it is M·A·E, A the transition and E the diagonal of
P(answer | state). For a stem n whose next answer meets the state d(n), with words w from stem to
stem or to the end of a history:

    P(w | n)  = Σ d(n)·M(w)                         and d(n') = d(n)·M(w)·A / P(w | n)
    logL      = Σ students·log P(w | n)
    B(n)      = Σ over words w from n of M(w)·(what comes after w) / P(w | n)
    G(w)      = Σ over stems n of d(n) ⊗ (what comes after w) / P(w | n)

B is the weighted backward message. G is the derivative by the word's matrix, from which the words,
longest first, give theirs on to shorter ones: so what happened within a word is counted once for
all who gave those answers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from engine.tables import Floats, Integers

from .lanes import LANES, keep_where, load, logarithm, spread, store
from .trie import Tries, words_of

LEAST = 1e-280
"""A state less likely than this counts as impossible from there on, in both directions: its
backward message would overflow. That takes some hundred right answers in a row without forgetting,
and only as many wrong ones after them could tell. (The filter in `engine` has no such limit.)"""
FACTORS = 16
"""Answers whose probabilities are multiplied before a logarithm is taken; each is at least about
1e-15."""
WORD_ROOM = 12 * LANES  # numbers kept for a word: matrix, its derivative, and both again for tips
STEM_ROOM = 7 * LANES  # and for a stem: state after and before the next answer, 1/P, messages


class Under(NamedTuple):
    """A skill under way through a pass: its part of the tries, and the room of the thread.

    words  [word × WORD_ROOM]
    stems  [stem × STEM_ROOM]
    shown  [answer, 2, lane] flat: P(answer | not mastered), P(answer | mastered)
    """

    parent: Integers
    word: Integers
    passing: Floats
    tip_starts: Integers
    longest: int
    words: Floats
    stems: Floats
    shown: Floats


@njit(cache=True, nogil=True)
def begun(
    tries: Tries, skill: int, parameters: Floats, room: Floats, log_likelihood: Floats
) -> Under:
    """A pass with words and stems done; their log-likelihood is left where it belongs."""
    first, last = tries.stem_starts[skill], tries.stem_starts[skill + 1]
    words = WORD_ROOM * words_of(tries.longest[skill], len(tries.answers))
    under = Under(
        tries.parent[first:last],
        tries.word[first:last],
        tries.passing[first:last],
        tries.tip_starts[first : last + 1],
        tries.longest[skill],
        room[:words],
        room[words:],
        _emissions(tries.answers, parameters),
    )
    _speak(under, parameters)
    _grow(under, parameters, log_likelihood)
    return under


@njit(cache=True, nogil=True)
def _emissions(answers: Floats, parameters: Floats) -> Floats:
    """P(answer | not mastered), P(answer | mastered) for every answer: [answer, 2, lane], flat."""
    shown = np.empty(len(answers) * 2 * LANES)
    for value in range(len(answers)):
        y = answers[value]
        for lane in range(LANES):
            guess, slip = parameters[3 * LANES + lane], parameters[4 * LANES + lane]
            at = 2 * LANES * value + lane
            shown[at] = guess**y * (1.0 - guess) ** (1.0 - y)
            shown[at + LANES] = (1.0 - slip) ** y * slip ** (1.0 - y)
    return shown


@njit(cache=True, nogil=True)
def _speak(under: Under, parameters: Floats) -> None:
    """The matrix of every word, and no derivative yet."""
    learn, forget = load(parameters, LANES), load(parameters, 2 * LANES)
    keep, stay = 1.0 - forget, 1.0 - learn
    zero = spread(0.0)
    room, shown = under.words, under.shown
    answers = len(shown) // (2 * LANES)
    for word in range(len(room) // WORD_ROOM):
        here = word * WORD_ROOM
        if word < answers:
            kk, ku = load(shown, (2 * word + 1) * LANES), zero
            uk, uu = zero, load(shown, 2 * word * LANES)
        else:
            begun, at = (word // 2 - 1) * WORD_ROOM, 2 * (word % 2) * LANES
            if_known, if_unknown = load(shown, at + LANES), load(shown, at)
            kk, ku = load(room, begun), load(room, begun + LANES)
            uk, uu = load(room, begun + 2 * LANES), load(room, begun + 3 * LANES)
            kk, ku = (kk * keep + ku * learn) * if_known, (ku * stay + kk * forget) * if_unknown
            uk, uu = (uk * keep + uu * learn) * if_known, (uu * stay + uk * forget) * if_unknown
        store(room, here, kk)
        store(room, here + LANES, ku)
        store(room, here + 2 * LANES, uk)
        store(room, here + 3 * LANES, uu)
        for place in range(4, 8):
            store(room, here + place * LANES, zero)
        store(room, here + 8 * LANES, kk + ku)
        store(room, here + 9 * LANES, uk + uu)
        store(room, here + 10 * LANES, zero)
        store(room, here + 11 * LANES, zero)


@njit(cache=True, nogil=True, error_model="numpy")
def _grow(under: Under, parameters: Floats, log_likelihood: Floats) -> None:
    """The state after every stem and before its next answer; the log-likelihood of the stems."""
    prior, learn, forget = load(parameters, 0), load(parameters, LANES), load(parameters, 2 * LANES)
    zero = spread(0.0)
    factors, total = spread(1.0), spread(0.0)
    pending = 0
    words, room = under.words, under.stems
    store(room, 2 * LANES, prior)
    store(room, 3 * LANES, 1.0 - prior)
    store(room, 5 * LANES, zero)
    store(room, 6 * LANES, zero)
    for stem in range(1, len(under.parent)):
        above, here = under.parent[stem] * STEM_ROOM, stem * STEM_ROOM
        matrix = under.word[stem] * WORD_ROOM
        k, u = load(room, above + 2 * LANES), load(room, above + 3 * LANES)
        known = k * load(words, matrix) + u * load(words, matrix + 2 * LANES)
        unknown = k * load(words, matrix + LANES) + u * load(words, matrix + 3 * LANES)
        inverse = 1.0 / (known + unknown)
        k, u = known * inverse, unknown * inverse
        k, u = keep_where(k, LEAST, k), keep_where(u, LEAST, u)
        store(room, here, k)
        store(room, here + LANES, u)
        store(room, here + 2 * LANES, k * (1.0 - forget) + u * learn)
        store(room, here + 3 * LANES, u * (1.0 - learn) + k * forget)
        store(room, here + 4 * LANES, inverse)
        store(room, here + 5 * LANES, zero)
        store(room, here + 6 * LANES, zero)
        if under.passing[stem] == 1.0:
            factors *= inverse
            pending += under.longest
            if pending + under.longest > FACTORS:
                total = total - logarithm(factors)
                factors = spread(1.0)
                pending = 0
        else:
            total = total - logarithm(inverse) * under.passing[stem]
    store(log_likelihood, 0, total - logarithm(factors))


@njit(cache=True, nogil=True, error_model="numpy")
def end(under: Under, tip_word: Integers, ending: Floats, log_likelihood: Floats) -> None:
    """Adds the log-likelihood of the tips, and what they tell of stems and words."""
    factors, total = spread(1.0), load(log_likelihood, 0)
    pending = 0
    words, room = under.words, under.stems
    for stem in range(len(under.parent)):
        here = stem * STEM_ROOM
        k, u = load(room, here + 2 * LANES), load(room, here + 3 * LANES)
        toward_known, toward_unknown = load(room, here + 5 * LANES), load(room, here + 6 * LANES)
        for tip in range(under.tip_starts[stem], under.tip_starts[stem + 1]):
            at = tip_word[tip] * WORD_ROOM + 8 * LANES
            if_known, if_unknown = load(words, at), load(words, at + LANES)
            inverse = 1.0 / (k * if_known + u * if_unknown)
            if ending[tip] == 1.0:
                factors *= inverse
                pending += under.longest
                if pending + under.longest > FACTORS:
                    total = total - logarithm(factors)
                    factors = spread(1.0)
                    pending = 0
            else:
                total = total - logarithm(inverse) * ending[tip]
                inverse *= ending[tip]
            toward_known += if_known * inverse
            toward_unknown += if_unknown * inverse
            store(words, at + 2 * LANES, load(words, at + 2 * LANES) + k * inverse)
            store(words, at + 3 * LANES, load(words, at + 3 * LANES) + u * inverse)
        store(room, here + 5 * LANES, toward_known)
        store(room, here + 6 * LANES, toward_unknown)
    store(log_likelihood, 0, total - logarithm(factors))


@njit(cache=True, nogil=True)
def go_back(under: Under, parameters: Floats, counts: Floats) -> None:
    """Counts of the beginnings and of the transitions between words; words learn of the rest."""
    learn, forget = load(parameters, LANES), load(parameters, 2 * LANES)
    zero = spread(0.0)
    learnt, not_learnt, forgot, kept = zero, zero, zero, zero
    words, room = under.words, under.stems
    for stem in range(len(under.parent) - 1, 0, -1):
        here = stem * STEM_ROOM
        k, u, inverse = load(room, here), load(room, here + LANES), load(room, here + 4 * LANES)
        toward_known, toward_unknown = load(room, here + 5 * LANES), load(room, here + 6 * LANES)
        by_learning = learn * toward_known
        by_not_learning = (1.0 - learn) * toward_unknown
        by_forgetting = forget * toward_unknown
        by_keeping = (1.0 - forget) * toward_known
        learnt += u * by_learning
        not_learnt += u * by_not_learning
        forgot += k * by_forgetting
        kept += k * by_keeping
        known = keep_where(k, LEAST, by_keeping + by_forgetting) * inverse
        unknown = keep_where(u, LEAST, by_not_learning + by_learning) * inverse
        above, matrix = under.parent[stem] * STEM_ROOM, under.word[stem] * WORD_ROOM
        k, u = load(room, above + 2 * LANES), load(room, above + 3 * LANES)
        kk, ku = load(words, matrix), load(words, matrix + LANES)
        uk, uu = load(words, matrix + 2 * LANES), load(words, matrix + 3 * LANES)
        store(room, above + 5 * LANES, load(room, above + 5 * LANES) + kk * known + ku * unknown)
        store(room, above + 6 * LANES, load(room, above + 6 * LANES) + uk * known + uu * unknown)
        store(words, matrix + 4 * LANES, load(words, matrix + 4 * LANES) + k * known)
        store(words, matrix + 5 * LANES, load(words, matrix + 5 * LANES) + k * unknown)
        store(words, matrix + 6 * LANES, load(words, matrix + 6 * LANES) + u * known)
        store(words, matrix + 7 * LANES, load(words, matrix + 7 * LANES) + u * unknown)
    store(counts, 0, load(room, 2 * LANES) * load(room, 5 * LANES))
    store(counts, LANES, load(room, 3 * LANES) * load(room, 6 * LANES))
    store(counts, 2 * LANES, learnt)
    store(counts, 3 * LANES, not_learnt)
    store(counts, 4 * LANES, forgot)
    store(counts, 5 * LANES, kept)


@njit(cache=True, nogil=True)
def hear(under: Under, answers: Floats, parameters: Floats, counts: Floats) -> None:
    """Adds the counts of what happened within words, longer ones before those they begin with."""
    learn, forget = load(parameters, LANES), load(parameters, 2 * LANES)
    keep, stay = 1.0 - forget, 1.0 - learn
    zero = spread(0.0)
    learnt, not_learnt = load(counts, 2 * LANES), load(counts, 3 * LANES)
    forgot, kept = load(counts, 4 * LANES), load(counts, 5 * LANES)
    guessed, not_guessed, slipped, not_slipped = zero, zero, zero, zero
    room, shown = under.words, under.shown
    for word in range(len(room) // WORD_ROOM - 1, -1, -1):
        here = word * WORD_ROOM
        ends_k, ends_u = load(room, here + 10 * LANES), load(room, here + 11 * LANES)
        kk = load(room, here + 4 * LANES) + ends_k
        ku = load(room, here + 5 * LANES) + ends_k
        uk = load(room, here + 6 * LANES) + ends_u
        uu = load(room, here + 7 * LANES) + ends_u
        last = word if word < len(answers) else word % 2
        right = answers[last]
        in_known = load(room, here) * kk + load(room, here + 2 * LANES) * uk
        in_unknown = load(room, here + LANES) * ku + load(room, here + 3 * LANES) * uu
        guessed += in_unknown * right
        not_guessed += in_unknown * (1.0 - right)
        slipped += in_known * (1.0 - right)
        not_slipped += in_known * right
        if word >= len(answers):
            if_known, if_unknown = (
                load(shown, (2 * last + 1) * LANES),
                load(shown, 2 * last * LANES),
            )
            kk, ku, uk, uu = kk * if_known, ku * if_unknown, uk * if_known, uu * if_unknown
            begun = (word // 2 - 1) * WORD_ROOM
            from_kk, from_ku = load(room, begun), load(room, begun + LANES)
            from_uk, from_uu = load(room, begun + 2 * LANES), load(room, begun + 3 * LANES)
            learnt += (from_ku * kk + from_uu * uk) * learn
            not_learnt += (from_ku * ku + from_uu * uu) * stay
            forgot += (from_kk * ku + from_uk * uu) * forget
            kept += (from_kk * kk + from_uk * uk) * keep
            at = begun + 4 * LANES
            store(room, at, load(room, at) + kk * keep + ku * forget)
            store(room, at + LANES, load(room, at + LANES) + kk * learn + ku * stay)
            store(room, at + 2 * LANES, load(room, at + 2 * LANES) + uk * keep + uu * forget)
            store(room, at + 3 * LANES, load(room, at + 3 * LANES) + uk * learn + uu * stay)
    store(counts, 2 * LANES, learnt)
    store(counts, 3 * LANES, not_learnt)
    store(counts, 4 * LANES, forgot)
    store(counts, 5 * LANES, kept)
    store(counts, 6 * LANES, guessed)
    store(counts, 7 * LANES, not_guessed)
    store(counts, 8 * LANES, slipped)
    store(counts, 9 * LANES, not_slipped)
