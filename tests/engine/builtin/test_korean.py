"""A Korean sentence is put into the English that the rules read, in the document's own words; names and values stay as they were typed."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from engine.builtin import hangul, toolbox
from engine.builtin.hangul_items import items
from engine.builtin.hangul_times import times
from engine.builtin.offered import Offered, offered
from engine.korean import only_forbids
from engine.korean_words import name_in_korean, words_for
from engine.words import read
from preprocess.compile import compile_document
from tools.korean import is_korean
from tools.schema import ToolDefinition, definition
from tools.settings import DocumentSettings

ROOT = Path(__file__).parents[3]
KINDS = ("call", "clarify", "outofscope")
DOCUMENTS = {"identity": ROOT / "specs/examples/identity.yaml"} | {path.stem: path for path in (ROOT / "bench/korean_specs").glob("*.yaml")}


@cache
def operations(path: Path) -> dict[tuple[str, str], ToolDefinition]:
    document = compile_document(path.read_bytes())
    found = [document.operation(each) for service in document.services for each in service.operations]
    return {(each.method, each.path): definition(each, DocumentSettings()) for each in found}


@cache
def known(name: str) -> Offered:
    made = operations(DOCUMENTS[name]).values()
    return offered(toolbox.read([{"name": t.name, "description": t.description, "parameters": t.parameters} for t in made]).values())


def rows(kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / f"bench/korean_turns/{kind}.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_the_rows_of_our_own_are_sound(kind: str):
    """Each names an operation and arguments that its document has; a third is held back."""
    found = rows(kind)
    assert len({row["id"] for row in found}) == len(found)
    assert len({row["utterance"] for row in found}) == len(found)
    for row in found:
        there = operations(ROOT / row["spec"])
        for method, path in [row["gold_operation"]] if kind == "call" else row.get("gold_operations", []):
            names = {field.name for field in there[method, path].fields}
            assert set(row.get("gold_arguments", ())) <= names, row["id"]
    split = Counter(row["split"] for row in found)
    assert split["held"] * 3 == len(found)


@pytest.mark.parametrize(
    ("document", "korean", "english"),
    [
        ("identity", "안나를 잠가줘", "lock user '안나'"),
        ("identity", "user1을 삭제해 주세요", "delete user1"),
        ("identity", "tsingh 잠금해제 해줄래요?", "unlock user 'tsingh'"),
        ("identity", "gmoreno의 부서를 Finance로 변경해 주세요", "update user 'gmoreno' with department 'Finance'"),
        ("identity", "user3을 grp_7 그룹에 추가해줘", "add user3 to group grp_7"),
        ("identity", "user8 grp_4에서 빼주십시오", "remove user8 from group grp_4"),
        ("identity", "grp_7 그룹 구성원이 누구누구야", "show members of group grp_7"),
        ("identity", "감사자라는 그룹 만들어줘", "create group called '감사자'"),
        ("identity", "잠긴 사용자 몇 명이야?", "how many locked users"),
        ("identity", "재무팀 사용자 목록", "show users in '재무팀'"),
        ("identity", "user1 이름을 수아로 바꾸고 user3은 잠가줘", "update user1 with name '수아', then lock user3"),
        ("identity", "user1 부서를 Sales로 바꾼 다음 잠가줘", "update user1 with department 'Sales', then lock it"),
        ("identity", "user1 지우지 말고 잠그기만 해줘", "lock user1"),
        ("identity", "user1 말고 user2 잠가줘", "lock user2"),
        ("identity", "그 사용자 잠금 풀어줘", "unlock it"),
        ("identity", "두 번째 사용자 삭제해줘", "delete the second one"),
        ("identity", "그것들 전부 삭제해줘", "delete all them"),
        ("identity", "user1이 어제 뭐 했어?", "what did user1 do yesterday"),
        ("identity", "누가 어제 그룹을 삭제했어?", "who deleted group yesterday"),
        ("identity", "user1 이메일 뭐야?", "what is the email of user1"),
        ("identity", "역할 바꿔주세요", "update the role of a user"),
        ("identity", "user1이랑 user2 잠가줘", "lock user1 and user2"),
        ("identity", "2번째 금고 정보 보여줘", "show the second one"),
        ("identity", "부서별 사용자 수를 원 그래프로", "how many users per department pie chart"),
        ("identity", "yoon77이 들어있는 그룹 목록", "show groups of yoon77"),
        ("tickets", "티켓 31을 mina에게 돌려놔줘", "assign ticket 31 to 'mina'"),
        ("shop", "주문 77 취소", "cancel order 77"),
        ("shop", "만원 이상 3만 5천원 이하 상품 찾아줘", "find products with min price 10000 and max price 35000"),
        ("shop", "1203번 주문 2만원 환불해주세요", "refund order 1203 with amount 20000"),
        ("shop", "무선 마우스라는 상품을 25000원에 등록해 주세요", "create product called '무선 마우스' with price 25000"),
        (
            "shop",
            "상품 9번 세 개 주문할게요. 주소는 대전시 유성구 궁동 7",
            "place order product 9 with quantity 3 and address '대전시 유성구 궁동 7'",
        ),
        ("shop", "상품 18 재고를 0으로 해줘", "update product 18 with stock 0"),
        ("shop", "상품 15 세일 꺼줘", "update product 15 without on sale"),
        ("bookings", "수영장 있는 강릉 호텔 알려주세요", "show hotels in '강릉' with pool"),
        ("bookings", "전주 한식당 찾아줘", "find restaurants cuisine korean in '전주'"),
        ("bookings", "bk_20 예약 체크아웃을 2027년 4월 9일로 변경", "update booking bk_20 with check out: 2027-04-09"),
        ("crm", "부산에 사는 골드 등급 고객", "show customers in '부산' with grade gold"),
        ("crm", "새 고객 추가: 이름 정해인, 이메일 hj@daum.net", "add customer email hj@daum.net called '정해인'"),
        ("crm", "c_3 고객에게 전화 요망이라고 메모 달아줘", "add note '전화 요망' to customer c_3"),
        ("tickets", "환불 지연 관련 티켓 찾아줘", "find tickets about '환불 지연'"),
        ("tickets", "'결제 오류' 제목으로 긴급 티켓 만들어줘", "create urgent ticket with title '결제 오류'"),
        ("tickets", "minsu 담당 티켓 보여줘", "show tickets with assignee 'minsu'"),
        ("bank", "card_2 정지 풀어줘", "unblock card card_2"),
        ("bank", "55-66-7788에서 99-88-7766으로 백만원 보내", "create transfer from '55-66-7788' to '99-88-7766' with amount 1000000"),
        ("bank", "달러 환율 얼마예요?", "show USD exchange rate"),
    ],
)
def test_a_sentence_in_the_words_of_the_document(document: str, korean: str, english: str):
    assert hangul.english(korean, known(document)) == english


@pytest.mark.parametrize(("document", "text"), [("shop", "내일 날씨 알려줘"), ("bank", "환전소 예약해줘"), ("identity", "노래 한 곡 추천해줘")])
def test_what_the_document_has_nothing_of_is_left_alone(document: str, text: str):
    assert hangul.english(text, known(document)) == text


@pytest.mark.parametrize("text", ["list users", "create a team '사용자'", "delete the person 김철수", "find Kim Soo-ah in 서울"])
def test_english_with_korean_in_it_stays_as_it_is(text: str):
    assert hangul.english(text, known("identity")) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2027년 3월 10일부터 12일까지", [("2027년 3월 10일부터 12일까지", "from 2027-03-10 to 2027-03-12")]),
        ("2027년 6월 1일 ~ 6월 4일", [("2027년 6월 1일 ~ 6월 4일", "from 2027-06-01 to 2027-06-04")]),
        ("지난주 금요일 오후 세 시 반", [("지난주 금요일", "last friday"), ("오후 세 시 반", "15:30")]),
        ("최근 7일간", [("최근 7일간", "last 7 days")]),
        ("사흘 전", [("사흘 전", "3 days ago")]),
        ("3월까지", [("3월까지", "until March")]),
        ("2026.1.5 이후", [("2026.1.5 이후", "since 2026-01-05")]),
        ("월별 사용자", []),
        ("13월 40일", []),
    ],
)
def test_words_for_times(text: str, wanted: list[tuple[str, str]]):
    assert [(text[t.start : t.end], t.english) for t in times(text)] == wanted


def test_what_the_customer_said_of_a_time_is_kept():
    assert hangul.as_said("last week", "지난주 로그 보여줘") == "지난주"
    assert hangul.as_said("yesterday", "show it") == "yesterday"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3만 5천 원", 35_000), ("7만 5천원", 75_000), ("1억 이상", 100_000_000), ("15프로짜리", 15), ("25%인", 25), ("천이백만원으로", 12_000_000)],
)
def test_a_number_in_korean_is_known_as_said(text: str, number: int):
    assert read(f"금액은 {text} 이에요").number(number) is not None


def test_three_only_is_no_thirty_thousand():
    assert read("3만 보여줘").number(3) == "3만"


@pytest.mark.parametrize("text", ["기차표 예매 됐어요", "그 사람이 지웠는데요", "보여줘요", "닫혔습니다"])
def test_verbs_are_nobodys_names(text: str):
    assert not [item for item in items(text) if item.kind == "name" and item.text.endswith(("요", "데요", "니다"))]


def test_a_listed_value_has_its_korean_words():
    assert "잠긴" in words_for("locked")
    assert "진행 중인" in words_for("in_progress")
    assert words_for("xyzzy") == ()


def test_field_names_in_korean():
    assert [name_in_korean(name) for name in ("Password", "Group id", "Retention days")] == ["비밀번호", "그룹 ID", "Retention days"]


@pytest.mark.parametrize(
    ("text", "wanted"), [("user2 삭제하지 마세요", True), ("user1 지우지 마", True), ("user1 지우지 말고 잠가줘", False), ("삭제해줘", False)]
)
def test_what_only_forbids(text: str, wanted: bool):
    assert only_forbids(text) is wanted


@pytest.mark.parametrize(("text", "wanted"), [("user1 잠가줘", True), ("show me 김철수", False), ("list users '서울'", False), ("VIP 고객", True)])
def test_who_writes_in_korean(text: str, wanted: bool):
    assert is_korean(text) is wanted
