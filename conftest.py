"""What every test may use: the folder of real files, where it exists."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real statements, notices, invoices and rates; they are not part of the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder shared/data with the real files is not beside the project")
    return SHARED / "data"
