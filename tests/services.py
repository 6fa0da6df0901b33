"""What a test process needs before settings are read: a folder and a Valkey of its own.

Loaded by `-p tests.services`, earlier than any conftest. `TEST_REDIS_URL` names a real Redis
instead; each worker then takes a database number of its own.
"""

import os
import subprocess
import tempfile
from pathlib import Path

_server: subprocess.Popen[bytes] | None = None

os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="orangery-test-")
os.environ.pop("ENVIRONMENT", None)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

if "TEST_REDIS_URL" in os.environ:
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw14").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL'].rstrip('/')}/{_number}"
else:
    from config import valkey

    _server, _path = valkey.start(Path(tempfile.mkdtemp(prefix="orangery-valkey-")), keeps=False)
    os.environ["REDIS_URL"] = f"unix://{_path}"


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.terminate()
        _server.wait(10)
