"""The notebook: stored bare, imports ours only, runs from top to bottom."""

import ast
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import geo

PATH = Path(__file__).resolve().parents[1] / "notebooks" / "quickstart.ipynb"
CELLS = 10
ALLOWED = {"geo", "IPython", *sys.stdlib_module_names}


@pytest.fixture
def notebook() -> Any:
    found = nbformat.read(PATH, as_version=4)
    nbformat.validate(found)
    return found


def sources_of(notebook: Any) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def test_it_is_stored_bare(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_has_ten_code_cells_each_with_words_before(notebook: Any) -> None:
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds == ["markdown", "code"] * CELLS


def test_it_imports_ours_and_defines_nothing(notebook: Any) -> None:
    imported: set[str] = set()
    for source in sources_of(notebook):
        for node in ast.walk(ast.parse(source)):
            assert not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0 and node.module
                imported.add(node.module.split(".")[0])
    assert "geo" in imported
    assert imported <= ALLOWED


def test_it_runs(notebook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARKSITE_HOME", raising=False)
    here = str(Path(geo.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH")))))
    NotebookClient(
        notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    said = ["".join(str(output.get("text", output.get("data", ""))) for output in cell.outputs)
            for cell in notebook.cells if cell.cell_type == "code"]  # fmt: skip
    assert "district" in said[1] or "source" in said[1]
    assert "designated" in said[3]
    assert "near_boundary" in said[7]
    assert "action-plan-2022" in said[8]
    assert all(name in said[9] for name in ("parksite-map.html", "sites.gpkg", "manifest.json", "image/png"))
    assert not any(tmp_path.iterdir())
