"""What a file is called: by its header, its address or its type, and never what leads astray."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.downloads import LONGEST, clean, name_of, type_by_name

URL = "https://api.test/v1/reports/7/content?x=1"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=plain.pdf; size=3", "plain.pdf"),
        ("attachment; filename=\"x.pdf\"; filename*=UTF-8''%ed%95%9c%ea%b5%ad.pdf", "한국.pdf"),
        ("attachment; filename*=iso-8859-1'en'caf%e9.pdf", "café.pdf"),
        ("attachment; filename*=no-such''%ed%95%9c.pdf", "한.pdf"),
        ('attachment; filename="%ED%95%9C.pdf"', "한.pdf"),
        ('attachment; filename="100%.pdf"', "100%.pdf"),
        ('attachment; filename="say \\"hi\\".pdf"', "say hi .pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd.pdf"),
        ('attachment; filename="..\\\\..\\\\boot.ini"', "boot.ini"),
        ('attachment; filename="invoice\u202efdp.exe"', "invoice fdp.exe"),
        ('attachment; filename="a\r\nSet-Cookie: x.pdf"', "a Set-Cookie x.pdf"),
        ('attachment; filename=".."', "content.pdf"),
        ('attachment; filename=""', "content.pdf"),
        ("inline", "content.pdf"),
        ("", "content.pdf"),
    ],
)
def test_the_header_names_the_file(disposition: str, name: str) -> None:
    assert name_of({"content-disposition": disposition}, URL, "application/pdf") == name


@pytest.mark.parametrize(
    ("url", "media_type", "name"),
    [
        ("https://x/files/photo.jpg", "image/jpeg", "photo.jpg"),
        ("https://x/files/7", "image/png", "7.png"),
        ("https://x/reports/v2.final", "application/zip", "v2.final.zip"),
        ("https://x/", "text/plain", "answer.txt"),
        ("https://x/%2e%2e%2fetc%2fpasswd", "application/x-unknown", "passwd.bin"),
        ("https://[x", "image/png", "answer.png"),
    ],
)
def test_without_a_header_the_address_and_the_type_do(url: str, media_type: str, name: str) -> None:
    assert name_of({}, url, media_type) == name


def test_a_long_name_keeps_its_extension() -> None:
    assert clean("x" * 500 + ".pdf") == "x" * (LONGEST - 4) + ".pdf"


@given(st.text(max_size=300))
def test_no_name_leaves_its_folder(name: str) -> None:
    found = name_of({"content-disposition": f'attachment; filename="{name}"'}, "https://x/a", "application/pdf")
    assert 0 < len(found) <= LONGEST + 4
    assert not set(found) & set('/\\:\0\r\n"<>|')
    assert found not in {".", ".."}
    assert found.isprintable()


def test_bytes_without_a_type_have_that_of_their_name() -> None:
    assert type_by_name({"content-disposition": "attachment; filename=rows.CSV"}, URL) == "text/csv"
    assert type_by_name({}, "https://x/rows.json") == "application/json"
    assert type_by_name({}, URL) == ""
