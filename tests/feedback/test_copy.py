from typing import get_args

import pytest

from engine.events import EVENT, Event
from feedback.copy import SHAPE, copied

KINDS = [kind for kind in get_args(get_args(Event)[0]) if kind.__name__ not in ("SessionStarted", "Snapshot")]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_event_has_a_shape_that_names_real_fields(kind):
    assert set(SHAPE[kind.__name__]) <= set(kind.model_fields)


def test_with_consent_an_event_is_copied_as_it_is():
    event = {"type": "UserSaid", "message_id": "m", "text": "hello", "at": 1}
    assert copied([event], consent=True) == (event,)
    assert EVENT.validate_python(copied([event], consent=True)[0])


def test_a_kind_nobody_knows_yet_keeps_its_type_only():
    assert copied([{"type": "Later", "words": "hunter2"}], consent=False) == ({"type": "Later", "at": 0},)
