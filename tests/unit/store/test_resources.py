"""Where shipped files are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from panel.core import resources
from panel.core.resources import resource


def test_a_checkout_has_them_beside_the_package() -> None:
    assert resource("schema.sql") == Path(__file__).parents[3] / "schema.sql"


def test_a_wheel_has_them_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "panel"
    (package / "_data" / "resources").mkdir(parents=True)
    (package / "_data" / "resources" / "a.svg").touch()
    (tmp_path / "schema.sql").touch()
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resource("resources", "a.svg") == package / "_data" / "resources" / "a.svg"
    assert resource("schema.sql") == tmp_path / "schema.sql"


def test_a_missing_one_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg is missing"):
        resource("icons", "none.svg")
