"""A Korean text in front of a document in English."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from specs.document import Document
from specs.words import tokens
from tests.specs.documents import compiled
from tools.korean import HANGUL, english, words_in
from tools.rank import rank
from tools.search import offer

GLOSSARY = Path(__file__).parents[2] / "tools" / "korean_words.txt"


def found(text: str) -> list[str]:
    """The English put before a text, word by word."""
    behind = english(text)
    assert behind.endswith(text)
    return behind.removesuffix(text).split()


@pytest.mark.parametrize("particle", ["은", "를", "의", "에서", "에게", "들", "들을", "들에게는", "만", "까지", "님", "이나", "처럼", "입니다"])
def test_particles_are_cut(particle: str):
    assert found(f"고객{particle} 삭제") == ["customer", "delete"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("사용자목록", ["user", "list"]),
        ("결제수단목록조회", ["payment", "method", "list"]),
        ("그룹멤버들을", ["group", "member", "list"]),
        ("잠금을 해제해 주세요", ["unlock"]),
        ("잠금을 풀어 주세요", ["unlock"]),
        ("차단을 해제해 주세요", ["unblock"]),
        ("감사 로그", ["audit", "log"]),
        ("감사로그", ["audit", "log"]),
        ("할 일을", ["task"]),
        ("번개회의", ["meeting"]),
        ("이메일", ["email"]),
    ],
)
def test_compounds_are_cut_into_words_and_long_words_win(text: str, words: list[str]):
    assert found(text) == words


@pytest.mark.parametrize("name", ["김철수", "서울", "박수정", "정보람", "김철수라는", "서울에서", "박수정을", "이주문", "아무개씨"])
def test_names_are_not_taken_for_words(name: str):
    assert found(name) == []


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("지워줘", "delete"), ("지우고 싶어요", "delete"), ("삭제해 주세요", "delete"), ("바꿔주실래요", "change"),
        ("수정 부탁드립니다", "update"), ("보내주세요", "send"), ("만들어줄래?", "create"), ("잠가줘", "lock"), ("잠금해제해줘", "unlock"),
        ("잠금 해제", "unlock"), ("닫아라", "close"), ("비활성화", "disable"), ("환불해줘", "refund"), ("취소할게요", "cancel"),
        ("초대하고싶어", "invite"), ("업로드해줘", "upload"),
    ],
)  # fmt: skip
def test_verbs_are_known_in_their_forms(text: str, verb: str):
    assert verb in found(text)


@pytest.mark.parametrize("text", ["삭제하지 말고", "삭제하지마", "삭제는 말고", "지우지 말고", "삭제하지 않고"])
def test_what_is_not_to_be_done_is_left_out(text: str):
    assert "delete" not in found(f"그룹을 {text} 이름을 변경해줘")
    assert "update" in found(f"그룹을 {text} 이름을 변경해줘")


@pytest.mark.parametrize("text", ["등록된 카드", "등록한 카드", "등록되어 있는 카드", "등록 중인 카드"])
def test_what_was_done_before_is_not_asked_for(text: str):
    assert found(text)[:2] == ["card"] or "register" not in found(text)


@pytest.mark.parametrize("text", ["감사팀이라는 그룹을 만들어줘", "'감사' 그룹을 만들어줘", "“회의 취소” 그룹을 만들어줘"])
def test_what_a_thing_is_called_is_no_word(text: str):
    assert found(text) == ["group", "create"]


def test_thanks_ask_for_no_audit():
    assert found("감사합니다") == []
    assert found("감사 로그") == ["audit", "log"]


def test_who_did_something_asks_for_what_happened():
    paths = {"/groups": {"delete": {"operationId": "deleteGroup", "summary": "Delete a group"}, "get": {"summary": "List groups"}},
             "/log": {"get": {"operationId": "listLog", "summary": "List the audit log"}}}  # fmt: skip
    assert "listLog" in offer(compiled(paths), "누가 그룹을 삭제했어?", ()).operations
    assert "happened" in found("누가 그룹을 삭제했어?")
    assert "happened" not in found("누가 그룹에 있어?")


@pytest.fixture
def shop() -> Document:
    return compiled(
        {
            "/users": {
                "get": {"operationId": "listUsers", "summary": "List users"},
                "post": {"operationId": "createUser", "summary": "Create a user"},
            },
            "/users/{user_id}/lock": {"post": {"operationId": "lockUser", "summary": "Lock a user"}},
            "/orders/{order_id}/refund": {"post": {"operationId": "refundOrder", "summary": "Refund an order"}},
            "/주문서": {"get": {"operationId": "sheets", "summary": "주문서"}},
        }
    )


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("사용자 목록 보여줘", "listUsers"),
        ("새 유저 만들어 주세요", "createUser"),
        ("kim 사용자 잠가줘", "lockUser"),
        ("ord-7 주문 환불해줘", "refundOrder"),
        ("주문서", "sheets"),
        ("lock user kim", "lockUser"),
    ],
)
def test_a_korean_sentence_finds_the_operation(shop: Document, text: str, best: str):
    assert rank(shop, text, 3)[0][0] == best
    assert offer(shop, text, ()).operations[0] == best


@pytest.mark.parametrize("text", ["", "list the users", "café", "ユーザー", "ㅋㅋㅋ"])
def test_a_text_without_korean_words_stays_as_it_is(text: str):
    assert english(text) == text


def test_the_glossary_holds_a_word_once_and_something_to_search_for():
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if " = " in line and not line.startswith("#")]
    words = [word.replace("_", "") for line in lines for word in line.split(" = ")[1].split()]
    assert sorted(words) == sorted(set(words))
    lost = {line.split(" = ")[0] for line in lines if not tokens(line.split(" = ")[0])}
    assert lost == {"my", "who", "what", "when", "where", "which"}  # tools/search.py knows these by patterns


@given(st.text(alphabet="사용자목록을잠금해제하지말고 이 나라abc·\n", max_size=60))
def test_any_text_is_read_and_kept(text: str):
    assert english(text).endswith(text)
    places = [(word.start, word.end) for word in words_in(text)]
    assert places == sorted(places)
    assert all(HANGUL.search(text[start:end]) for start, end in places)


@pytest.mark.parametrize("unit", ["가", "이나", "사용자", "를", "잠금 해제 ", "하지", "감사 "])
def test_a_text_of_100_kb_is_read_like_any_other(unit: str):
    text = unit * (34_000 // len(unit))
    assert english(text).endswith(text)
