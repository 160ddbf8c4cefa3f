"""What the engine sets where conf.py says nothing, and where the site is hosted."""

from __future__ import annotations

from pathlib import Path

import pytest

from labsite.site.configuration import fill_in
from labsite.site.loading import build_day
from labsite.site.settings import ConfigurationError


@pytest.mark.parametrize(
    "address",
    ["https://lab.example", "https://lab.example/lab", "lab.example/lab/", "//x/",
     "https://lab.example/?x=/", "javascript:alert()/"],
)  # fmt: skip
def test_an_address_that_nothing_can_be_appended_to_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="is not an address of a folder"):
        fill_in(Path(), {"html_baseurl": address})


@pytest.mark.parametrize(
    ("address", "prefix"), [("https://lab.example/", "/"), ("http://h:8/a/b/", "/a/b/")]
)
def test_the_page_for_lost_addresses_knows_the_path(address: str, prefix: str) -> None:
    filled = fill_in(Path(), {"html_baseurl": address})
    assert filled["notfound_urls_prefix"] == prefix


def test_a_preview_lets_the_add_ons_of_its_host_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def policy() -> str:
        filled = fill_in(Path(), {"html_theme": "labsite", "project": "Lab"})
        return str(filled["html_context"]["content_security_policy"])

    for kind in ("branch", "tag", None):
        if kind:
            monkeypatch.setenv("READTHEDOCS_VERSION_TYPE", kind)
        else:
            monkeypatch.delenv("READTHEDOCS_VERSION_TYPE")
        assert "unsafe" not in policy()
    monkeypatch.setenv("READTHEDOCS_VERSION_TYPE", "external")
    assert "script-src 'self' 'unsafe-eval'" in policy()
    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" not in policy()


@pytest.mark.parametrize("epoch", ["9" * 20, "9" * 13, "today", ""])
def test_a_day_that_is_none_is_named(epoch: str) -> None:
    with pytest.raises(ConfigurationError, match="SOURCE_DATE_EPOCH is not a time"):
        build_day({"SOURCE_DATE_EPOCH": epoch})
