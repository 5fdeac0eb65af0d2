"""Recurrent networks over students' histories: batches, training with early stopping, prediction.

A network sees a batch of histories piece by piece and carries its state from one piece to the next,
in training as in prediction, so the longest history is read from its first response to its last.
Gradients reach back to the start of the piece.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from engine.tables import Floats, Integers

PIECE = 100
"""Responses that gradients reach back over."""
BATCH = 16
"""Students that are read side by side, of like length."""
READING = 256
"""Students side by side where no gradients are kept."""
LARGEST_LOGIT = 15.0
"""Beyond it a probability in single precision would round to 0 or 1."""

State = tuple[Tensor, Tensor]


class Numbers(NamedTuple):
    """Histories as a network reads them: numbers of its own vocabulary.

    starts   [student + 1]
    skill, item, correct  [event]
    """

    starts: Integers
    skill: Integers
    item: Integers
    correct: Floats


class Batch(NamedTuple):
    """Some students' responses side by side, the longest history first.

    skill, item, correct  [student, response], 0 behind the end
    weight                [student, response] 1 where there is a response
    students              which they are
    """

    skill: Tensor
    item: Tensor
    correct: Tensor
    weight: Tensor
    students: Integers

    def pieces(self, length: int = PIECE) -> Iterator[Batch]:
        """The batch cut across, each piece with those who still have responses in it."""
        for first in range(0, self.skill.shape[1], length):
            there = int(self.weight[:, first].sum())
            here = (slice(0, there), slice(first, first + length))
            yield Batch(
                self.skill[here],
                self.item[here],
                self.correct[here],
                self.weight[here],
                self.students[:there],
            )


class Network(nn.Module, ABC):
    """What a recurrent model is: logits of a piece's responses, and the state after it."""

    @abstractmethod
    def forward(self, piece: Batch, state: State | None) -> tuple[Tensor, State]:
        """The logits of the piece's responses, and the state after them."""


@dataclass(frozen=True)
class Training:
    """How a network is trained.

    rate      AdamW's step
    decay     AdamW's weight decay
    epochs    at most so many times over the students
    patience  epochs without a better loss on held-out students after which it ends
    steps     of the optimiser, below which a small course is read more often than `epochs`
    """

    rate: float = 2e-3
    decay: float = 1e-4
    epochs: int = 30
    patience: int = 4
    steps: int = 600

    def longer(self, steps: int) -> Training:
        """As long as a course needs whose epochs have so few steps.

        >>> Training(epochs=30, patience=4, steps=1500).longer(10)
        Training(rate=0.002, decay=0.0001, epochs=150, patience=20, steps=1500)
        """
        times = max(1.0, self.steps / (steps * self.epochs))
        return replace(
            self, epochs=round(self.epochs * times), patience=round(self.patience * times)
        )


class Trained(NamedTuple):
    """The best epoch's loss on held-out students, and how many epochs were tried."""

    loss: float
    epochs: int


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, torch keeps to one thread: for matrices this small several only wait for each other.

    Measured on two cores: a tenth of the processor time, and less by the clock too.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def batches(numbers: Numbers, students: Integers, size: int) -> Iterator[Batch]:
    """The histories of these students, those of like length together, the longest first."""
    lengths = np.diff(numbers.starts)
    ordered = students[np.argsort(-lengths[students], kind="stable")]
    for first in range(0, len(ordered), size):
        yield _batch(numbers, ordered[first : first + size], lengths)


def train(
    network: Network,
    numbers: Numbers,
    *,
    held_out: Integers,
    how: Training,
    rng: np.random.Generator,
) -> Trained:
    """The network as it was after the epoch that predicted the held-out students best.

    With nobody held out, as it is after the last epoch.
    """
    students = np.setdiff1d(np.arange(len(numbers.starts) - 1), held_out)
    ready = list(batches(numbers, students, BATCH))
    judged = list(batches(numbers, held_out, READING))
    steps = torch.optim.AdamW(network.parameters(), lr=how.rate, weight_decay=how.decay)
    pieces = sum(map(_pieces, ready))
    usual = sum(float(batch.weight.sum()) for batch in ready) / pieces
    how = how.longer(pieces) if judged else how
    best, kept, since, tried = np.inf, deepcopy(network.state_dict()), 0, 0
    while tried < how.epochs and since < how.patience:
        tried += 1
        network.train()
        for number in rng.permutation(len(ready)):
            _learn(network, ready[number], steps, usual)
        loss = _loss(network, judged)
        if loss < best or not judged:
            best, kept, since = loss, deepcopy(network.state_dict()), 0
        else:
            since += 1
    network.load_state_dict(kept)
    return Trained(float(best), tried)


def predicted(network: Network, numbers: Numbers) -> Floats:
    """[event] P(correct) from each student's earlier responses, strictly between 0 and 1."""
    found = np.empty(len(numbers.correct))
    everyone = np.arange(len(numbers.starts) - 1)
    network.eval()
    with torch.no_grad():
        for batch in batches(numbers, everyone, READING):
            logits = torch.zeros_like(batch.correct)
            for first, (there, piece) in _placed(_read(network, batch)):
                logits[:there, first : first + piece.shape[1]] = piece
            p = torch.sigmoid(logits.clamp(-LARGEST_LOGIT, LARGEST_LOGIT)).double().numpy()
            for row, student in enumerate(batch.students):
                here = slice(numbers.starts[student], numbers.starts[student + 1])
                found[here] = p[row, : here.stop - here.start]
    return found


def _batch(numbers: Numbers, students: Integers, lengths: Integers) -> Batch:
    longest = int(lengths[students].max(initial=0))
    position = np.arange(longest)
    there = position < lengths[students][:, None]
    event = np.where(there, numbers.starts[students][:, None] + position, 0)
    skill, item = (
        torch.from_numpy(np.where(there, part[event], 0)) for part in (numbers.skill, numbers.item)
    )
    correct = torch.from_numpy(np.where(there, numbers.correct[event], 0.0)).float()
    return Batch(skill, item, correct, torch.from_numpy(there).float(), students)


def _pieces(batch: Batch) -> int:
    return sum(1 for _ in batch.pieces())


def _learn(network: Network, batch: Batch, steps: torch.optim.Optimizer, usual: float) -> None:
    """One step for every piece of the batch; a piece of few responses makes a small one."""
    state: State | None = None
    for piece in batch.pieces():
        logits, state = network(piece, _first(state, len(piece.students)))
        steps.zero_grad()
        loss = binary_cross_entropy_with_logits(
            logits, piece.correct, piece.weight, reduction="sum"
        )
        torch.autograd.backward(loss / usual)
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        steps.step()
        state = (state[0].detach(), state[1].detach())


def _first(state: State | None, students: int) -> State | None:
    """The state of those who go on: the first of the batch, whose histories are the longest."""
    if state is None:
        return None
    return state[0][:, :students].contiguous(), state[1][:, :students].contiguous()


def _read(network: Network, batch: Batch) -> Iterator[tuple[Batch, Tensor]]:
    """Every piece of the batch with its logits."""
    state: State | None = None
    for piece in batch.pieces():
        logits, state = network(piece, _first(state, len(piece.students)))
        yield piece, logits


def _placed(
    pieces: Iterator[tuple[Batch, Tensor]],
) -> Iterator[tuple[int, tuple[int, Tensor]]]:
    first = 0
    for piece, logits in pieces:
        yield first, (len(piece.students), logits)
        first += logits.shape[1]


def _loss(network: Network, judged: list[Batch]) -> float:
    """Mean log loss of the batches' responses; infinite where there are none."""
    total, responses = 0.0, 0.0
    network.eval()
    with torch.no_grad():
        for batch in judged:
            for piece, logits in _read(network, batch):
                losses = binary_cross_entropy_with_logits(
                    logits, piece.correct, piece.weight, reduction="sum"
                )
                total, responses = total + float(losses), responses + float(piece.weight.sum())
    return total / responses if responses else float("inf")
