"""What is done of a message with several requests when one of them fails."""

from tests.engine.builtin.office import Talk


def test_what_failed_stops_only_what_speaks_of_it():
    talk = Talk().say("delete person1 and unlock door 7").rejected(status=404, message="there is no person1")
    assert talk.call == ("unlockDoor", {"door_id": 7})
    assert talk.done(None).text == "This was not done: there is no person1. Unlocked the door."
    talk = Talk().say("create a team 'Night shift' and add person1 to it").rejected(message="the name is taken")
    assert talk.text == "This was not done: the name is taken."


def test_of_several_each_is_tried():
    talk = Talk().say("delete person1 and person2").rejected(status=404, message="there is no person1")
    assert talk.call == ("deletePerson", {"login": "person2"})
    assert talk.done(None).text == "This was not done: there is no person1. Deleted person2."
