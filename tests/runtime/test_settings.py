import pytest

from runtime.errors import SettingsInvalid
from runtime.settings import load


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_defaults_need_nothing_set():
    settings = load()
    assert (settings.model, settings.redis_url, settings.lease_seconds, settings.product_timeout) == ("builtin", None, 15, 8)


def test_the_environment_wins_over_the_file(own_folder, monkeypatch):
    (own_folder / "parlance.toml").write_text('model = "openai:small"\nturn_seconds = 30\n')
    monkeypatch.setenv("PARLANCE_MODEL", "openai:large")
    settings = load()
    assert (settings.model, settings.turn_seconds) == ("openai:large", 30)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("PARLANCE_MODLE", "PARLANCE_MODEL"), ("PARLANCE_LEASE_SECOND", "PARLANCE_LEASE_SECONDS"), ("PARLANCE_REDISURL", "PARLANCE_REDIS_URL")],
)
def test_a_mistyped_name_is_refused_with_the_right_one(monkeypatch, name, meant):
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsInvalid, match=f"{name}; did you mean {meant}\\?"):
        load()


def test_a_mistyped_name_in_the_file_is_refused_too(own_folder):
    (own_folder / "parlance.toml").write_text("turn_second = 30\n")
    with pytest.raises(SettingsInvalid, match="did you mean turn_seconds"):
        load()


def test_a_broken_file_is_named(own_folder):
    (own_folder / "parlance.toml").write_text("turn_seconds = = 30\n")
    with pytest.raises(SettingsInvalid, match=r"parlance\.toml"):
        load()


def test_a_wrong_value_is_named_and_not_repeated(monkeypatch):
    monkeypatch.setenv("PARLANCE_LEASE_SECONDS", "hunter2")
    with pytest.raises(SettingsInvalid, match="PARLANCE_LEASE_SECONDS") as raised:
        load()
    assert "hunter2" not in str(raised.value)


def test_secret_keys_are_a_list_and_are_not_shown(monkeypatch):
    monkeypatch.setenv("PARLANCE_SECRET_KEYS", "newest, older")
    settings = load()
    assert [each.get_secret_value() for each in settings.secret_keys] == ["newest", "older"]
    assert "newest" not in repr(settings)


def test_an_origin_is_one_that_a_browser_sends(monkeypatch):
    monkeypatch.setenv("PARLANCE_ALLOWED_ORIGINS", "https://app.example.com, http://localhost:3000")
    assert load().allowed_origins == ("https://app.example.com", "http://localhost:3000")
    for wrong in ("nonsense", "https://app.example.com/chat", "*"):
        monkeypatch.setenv("PARLANCE_ALLOWED_ORIGINS", wrong)
        with pytest.raises(SettingsInvalid, match="no origin"):
            load()


def test_waits_that_would_lose_a_session_are_refused(monkeypatch):
    monkeypatch.setenv("PARLANCE_PRODUCT_TIMEOUT", "20")
    with pytest.raises(SettingsInvalid, match="product_timeout must be less"):
        load()


@pytest.mark.parametrize("name", ["REDIS_URL", "PARLANCE_REDIS_URL"])
def test_redis_is_found_under_its_usual_name_and_ours(monkeypatch, name):
    monkeypatch.setenv(name, "redis://somewhere:6379")
    assert load().redis_url == "redis://somewhere:6379"


def test_settings_do_not_change_after_reading():
    with pytest.raises(ValueError, match="frozen"):
        load().model = "other"


def test_the_public_address_is_one_and_ends_without_a_slash() -> None:
    assert load(public_url="https://parlance.test/base/").public_url == "https://parlance.test/base"
    for wrong in ("parlance.test", "ftp://parlance.test", "https://u@parlance.test", "https://parlance.test/?x", "https://parlance.test/#x"):
        with pytest.raises(SettingsInvalid):
            load(public_url=wrong)
