"""The page's modules as one script: in order, each once, and nothing that is not understood."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from lineage_graph.drawing.files.modules import joined


def put(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        path = folder / f"{name.replace('_', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return folder


def test_modules_run_as_one(tmp_path: Path) -> None:
    folder = put(
        tmp_path,
        first="import { twice as double, Box } from './in/other.js';\nimport { count, one } from './one.js';\n"
        "console.log(double(one), new Box().get(), [...count()].length);\n",
        in_other="import { one } from '../one.js';\nconst hidden = one + 1;\n"
        "export function twice(value) {\n  return value * 2;\n}\n"
        "export class Box {\n  get() {\n    return hidden;\n  }\n}\n",
        one="export const one = 21;\nexport function* count() {\n  yield one;\n}\n",
    )
    text = joined("first.js", folder)
    assert text.count("const one = 21") == 1
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    done = subprocess.run(["node", "-e", text], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["42", "22", "1"]


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        "export { one };\n",
        "import one from './one.js';\n",
        "const one = await import('./one.js');\n",
        "const text = '</script>';\n",
        "import { first } from './first.js';\n",
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r"first\.js"):
        joined("first.js", put(tmp_path, first=text, one="export const one = 1;\n"))
