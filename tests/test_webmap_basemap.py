"""Basemaps: who is let through, who is refused, what the policy says."""

import re
from pathlib import Path
from typing import Any

import pytest
import unpacking as un
from click.testing import CliRunner
from pages import DAY, rendered

from geo import pipeline
from geo.cli.main import main
from geo.errors import InputError
from geo.pipeline import Checked, Context
from geo.webmap import basemap as basemaps

KEY = "0123456789abcdef0123456789abcdef"


def hosts_of(text: str) -> list[str]:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found is not None
    images = next(rule for rule in found[1].split(";") if rule.split()[0] == "img-src")
    return sorted(source for source in images.split()[1:] if source not in ("data:", "blob:"))


@pytest.mark.parametrize(
    ("name", "hosts"),
    [
        ("none", []),
        ("tianditu", [f"https://t{number}.tianditu.gov.cn" for number in range(8)]),
        ("天地图影像", [f"https://t{number}.tianditu.gov.cn" for number in range(8)]),
        ("OSM", ["https://tile.openstreetmap.org"]),
    ],
)
def test_the_policy_lists_exactly_the_hosts_of_the_basemap(context: Context, name: str, hosts: list[str]) -> None:
    chosen = basemaps.find(name, KEY)
    checked = pipeline.check(context, pipeline.read_sites(context, None), DAY)
    text = rendered(context, checked, basemap=chosen)
    assert hosts_of(text) == hosts
    held = un.data_of(text)["basemap"]
    assert (held is None) is (not hosts)
    if held is not None:
        drawn = {one["url"].replace("{s}", str(number)) for one in held["layers"] for number in range(8)}
        assert sorted({re.match(r"https://[^/]+", url)[0] for url in drawn}) == hosts  # type: ignore[index]
        assert held["attribution_zh"]
        assert held["attribution_en"]
        assert len(re.findall(r"var tile_layer_\d+ = L\.tileLayer", text)) == len(held["layers"])


def test_a_key_of_tianditu_goes_into_its_addresses_only() -> None:
    chosen = basemaps.find("tianditu", f" {KEY} ")
    assert chosen is not None
    assert [url.count(KEY) for url, _ in chosen.layers] == [1, 1]
    assert ["LAYER=vec&" in chosen.layers[0][0], "LAYER=cva&" in chosen.layers[1][0]] == [True, True]
    assert chosen.cautions


@pytest.mark.parametrize(
    "name",
    [
        "amap",
        "AMap",
        "高德",
        "高德地图",
        "gaode",
        "Tencent",
        "腾讯地图",
        "qq map",
        "baidu",
        "百度",
        "ＢＡＩＤＵ",
        "autonavi",
    ],
)
def test_shifted_tiles_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(InputError, match="GCJ-02") as caught:
        basemaps.find(name, KEY)
    assert "tianditu" in caught.value.text("zh")
    assert "偏移" in caught.value.text("zh")


def test_an_unknown_basemap_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        basemaps.find("cartodb")
    assert all(name in caught.value.text("en") for name in basemaps.NAMES)


@pytest.mark.parametrize("key", [None, "", " ", "a b", "x&y=1", "钥匙"])
def test_tianditu_asks_for_a_key(key: str | None) -> None:
    with pytest.raises(InputError, match="Tianditu"):
        basemaps.find("tianditu", key)


def test_the_command_refuses_before_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARKSITE_TIANDITU_KEY", raising=False)
    for name, word in (("tianditu", "--basemap-key"), ("高德", "天地图"), ("nothing", "osm")):
        done = CliRunner().invoke(main, ["build", "--basemap", name, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2
        assert word in done.stderr
        assert "Traceback" not in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("words", "name"), [([], None), (["--basemap", "tianditu"], "tianditu")])
def test_the_command_hands_the_basemap_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], name: str | None
) -> None:
    asked: list[Any] = []

    def build(*_: Any, basemap: Any, **__: Any) -> Checked:
        asked.append(basemap)
        return Checked({"sites": []}, ())

    monkeypatch.setenv("PARKSITE_TIANDITU_KEY", KEY)
    monkeypatch.setattr(pipeline, "build", build)
    done = CliRunner().invoke(main, ["build", *words, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (asked[0].name if asked[0] else None) == name
    assert ("密钥" in done.stderr) is (name is not None)
