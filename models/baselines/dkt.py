"""Deep knowledge tracing: an LSTM over a student's responses, with skills or with items too.

Source: Piech et al. (2015), Deep knowledge tracing, NeurIPS. `DKT` is the network of the paper. The
one with items is what it became: items and skills as vectors, the next response predicted from the
state and the vectors of what is asked (as in Gervet et al. 2020 and pyKT, Liu et al. 2022).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from engine.tables import Floats

from .baseline import Baseline
from .histories import UNSEEN, Histories, numbered
from .recurrent import Batch, Network, Numbers, State, Training, one_thread, predicted, train

HIDDEN = 100
"""Cells of the LSTM."""
VECTOR = 32
"""Length of an item's and a skill's vector."""
DROPOUT = 0.4
"""These and the training's figures were chosen on training students of ASSISTments 2009."""
FORGOTTEN_ITEMS = 0.1
"""Share of training responses whose item is hidden: so what an unseen item means is learnt too."""
HELD_OUT = 10
"""One student in so many is held out to know when to stop."""


class SkillNetwork(Network):
    """The paper's: skill and answer in, a logit for every skill out."""

    def __init__(self, skills: int, items: int) -> None:
        super().__init__()
        self.answers = nn.Embedding(2 * skills, HIDDEN)
        self.lstm = nn.LSTM(HIDDEN, HIDDEN, batch_first=True)
        self.dropout = nn.Dropout(DROPOUT)
        self.out = nn.Linear(HIDDEN, skills)

    def forward(self, piece: Batch, state: State | None) -> tuple[Tensor, State]:
        skills = self.out.out_features
        right = piece.correct.unsqueeze(-1)
        answers = right * self.answers(piece.skill + skills)
        answers = answers + (1.0 - right) * self.answers(piece.skill)
        before, after = _before(self.lstm, answers, state)
        every = self.out(self.dropout(before))
        return every.gather(2, piece.skill.unsqueeze(-1)).squeeze(-1), after


class ItemNetwork(Network):
    """Item and skill vectors in with the answer; the next one's vectors beside the state out."""

    def __init__(self, skills: int, items: int) -> None:
        super().__init__()
        self.skills = nn.Embedding(skills, VECTOR)
        self.items = nn.Embedding(items, VECTOR)
        self.easiness = nn.Embedding(items, 1)
        nn.init.normal_(self.items.weight, std=0.05)  # a rare item stays near its skill
        nn.init.zeros_(self.easiness.weight)
        self.lstm = nn.LSTM(2 * VECTOR, HIDDEN, batch_first=True)
        self.dropout = nn.Dropout(DROPOUT)
        self.asked = nn.Linear(HIDDEN + VECTOR, HIDDEN)
        self.out = nn.Linear(HIDDEN, 1)

    def forward(self, piece: Batch, state: State | None) -> tuple[Tensor, State]:
        item = piece.item
        if self.training:
            hidden = torch.rand(item.shape) < FORGOTTEN_ITEMS
            item = torch.where(hidden, torch.full_like(item, UNSEEN), item)
        vector = self.skills(piece.skill) + self.items(item)
        right = piece.correct.unsqueeze(-1)
        answers = torch.cat([vector * right, vector * (1.0 - right)], dim=-1)
        before, after = _before(self.lstm, answers, state)
        asked = torch.cat([self.dropout(before), vector], dim=-1)
        hidden_layer = self.dropout(torch.relu(self.asked(asked)))
        return (self.out(hidden_layer) + self.easiness(item)).squeeze(-1), after


class Recurrent(Baseline):
    """A network trained on some of the students, stopped by what it predicts of the others."""

    network: ClassVar[type[SkillNetwork] | type[ItemNetwork]]
    training: ClassVar[Training]

    def _learn(self, histories: Histories) -> None:
        numbers = self._numbers_of(histories)
        everyone = np.arange(len(histories.starts) - 1)
        every = min(HELD_OUT, max(len(everyone), 2))  # of few students the last, of one nobody
        held_out = everyone[everyone % every == every - 1]
        # the caller's own chance stays as it was
        with one_thread(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            network = self._network()
            rng = np.random.default_rng(self.seed)
            found = train(network, numbers, held_out=held_out, how=self.training, rng=rng)
        self._numbers = {"epochs": found.epochs}
        self._arrays = {name: one.numpy() for name, one in network.state_dict().items()}

    def _answers(self, histories: Histories) -> Floats:
        network = self._network()
        kept = {name: torch.from_numpy(one) for name, one in self._arrays.items()}
        network.load_state_dict(kept)
        with one_thread():
            return predicted(network, self._numbers_of(histories))

    def _network(self) -> Network:
        return self.network(len(self._skills) + 1, len(self._items) + 1)

    def _numbers_of(self, histories: Histories) -> Numbers:
        return Numbers(
            histories.starts,
            numbered(histories.skills, self._skills)[histories.skill],
            numbered(histories.items, self._items)[histories.item],
            histories.correct,
        )


class DKT(Recurrent):
    """Deep knowledge tracing over skills."""

    name = "dkt"
    uses_items = False
    network = SkillNetwork
    training = Training()


class DKTItems(Recurrent):
    """Deep knowledge tracing over skills and items."""

    name = "dkt-items"
    network = ItemNetwork
    training = Training()


def _before(lstm: nn.LSTM, answers: Tensor, state: State | None) -> tuple[Tensor, State]:
    """The output before each response, and the state after the last."""
    after, reached = lstm(answers, state)
    first = after.new_zeros(len(after), 1, HIDDEN) if state is None else state[0][-1].unsqueeze(1)
    return torch.cat([first, after[:, :-1]], dim=1), reached
