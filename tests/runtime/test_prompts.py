from pathlib import Path

import pytest

from runtime.errors import NotFound, SettingsInvalid
from runtime.prompts import Prompt, load

SHIPPED = Path(__file__).parents[2] / "engine" / "prompts"


def write(folder: Path, version: int, text: str, more: str = "") -> None:
    (folder / f"hello.v{version}.toml").write_text(f'name = "hello"\nversion = {version}\npurpose = "a test"\n{more}\ntext = """{text}"""\n')


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.stem)
def test_every_prompt_we_ship_is_valid(path):
    name, _, version = path.stem.rpartition(".v")
    assert load(SHIPPED, name, int(version)).text


def test_the_newest_version_is_used_unless_another_is_named(tmp_path):
    write(tmp_path, 2, "two")
    write(tmp_path, 10, "ten")
    assert load(tmp_path, "hello").text == "ten"
    assert load(tmp_path, "hello", 2).text == "two"


def test_a_value_that_looks_like_a_place_is_not_filled():
    prompt = Prompt(name="hello", version=1, purpose="p", places=("who", "what"), text='{who} said {"json": 1} {what}')
    assert prompt.fill({"who": "{what}", "what": "{0.__class__} %s"}) == '{what} said {"json": 1} {0.__class__} %s'


@pytest.mark.parametrize("values", [{}, {"who": "x", "more": "y"}])
def test_filling_with_the_wrong_names_is_refused(values):
    with pytest.raises(ValueError, match="needs"):
        Prompt(name="hello", version=1, purpose="p", places=("who",), text="{who}").fill(values)


@pytest.mark.parametrize(("text", "more"), [("{who}", ""), ("hi", 'places = ["who"]'), ("", ""), ("hi", "colour = 1"), ("hi", "version = 3")])
def test_a_file_that_does_not_hold_what_it_says_is_refused(tmp_path, text, more):
    write(tmp_path, 1, text, more)
    with pytest.raises(SettingsInvalid, match=r"hello\.v1\.toml"):
        load(tmp_path, "hello")


def test_a_file_must_say_its_own_version(tmp_path):
    write(tmp_path, 2, "two")
    (tmp_path / "hello.v2.toml").rename(tmp_path / "hello.v3.toml")
    with pytest.raises(SettingsInvalid, match="version 2"):
        load(tmp_path, "hello")


def test_an_unknown_prompt_is_named(tmp_path):
    with pytest.raises(NotFound, match="no prompt nothing"):
        load(tmp_path, "nothing")
