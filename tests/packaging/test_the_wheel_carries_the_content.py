# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_wheel_carries_catalog_profiles_checks_and_collection(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    content = "plantproof/_content/"
    assert f"{content}catalog/iec62443-3-3.yaml" in names
    assert f"{content}profiles/iec62443-3-3-sl4.yaml" in names
    assert f"{content}checks/linux-sshd-root-login.yaml" in names
    collection = f"{content}ansible_collections/plantproof/ot/"
    assert {f"{collection}galaxy.yml", f"{collection}component-definition.yaml"} <= names
    assert f"{collection}roles/linux_host/files/linux_host.sh" in names
    assert "plantproof/adapters/portal/assets/plantproof.css" in names
    assert "plantproof/adapters/demo/files/plantproof.yml" in names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests")]
