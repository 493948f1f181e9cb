"""What the checkpoints cost: one changing call with the values of a record, checked again and again. `python -m bench.checks`"""

import statistics
import time

from engine.checkpoints import NeedsAnswer, NeedsApproval, Passed, check
from tests.engine.talk import Talk

RECORD = {
    "username": "user1", "first_name": "Ada", "last_name": "Brandt", "email": "ada@x.test", "phone": "+44 20 7946 0118", "role": "operator",
    "department": "Finance", "job_title": "Payments Analyst", "description": "Covers payments",
}  # fmt: skip
ROUNDS = 500


def main() -> None:
    conversation = Talk("Get the user details of 'user1' and create a new user 'user2' with those details")
    conversation.read("getUser", RECORD, {"username": "user1"}, label="user1's record")
    facts = conversation.facts(conversation.wish("createUser", {**RECORD, "username": "user2"}))
    verdict = check(facts)
    assert isinstance(verdict, Passed | NeedsAnswer | NeedsApproval)
    spent = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        check(facts)
        spent.append((time.process_time() - begun) * 1000)
    print(f"check of a call with {len(RECORD)} values: {statistics.median(spent):.2f} ms CPU, median of {ROUNDS}")


if __name__ == "__main__":
    main()
