"""What a test process needs before settings are read: a folder and a Valkey of its own.

Loaded by `-p tests.services`, earlier than any conftest. `TEST_REDIS_URL` names a real Redis
instead; each worker then takes a database number of its own.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_server: subprocess.Popen[bytes] | None = None
_folder = Path(tempfile.mkdtemp(prefix="orangery-test-"))

# What the person at the keyboard has set for a site of theirs is none of the tests' business.
for _name in (
    *("ENVIRONMENT", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY"),
    *("EMAIL_URL", "STORAGE_URL", "TRUSTED_PROXIES", "WEB_WORKERS", "RATE_LIMITS", "DEBUG", "PORT"),
):
    os.environ.pop(_name, None)
os.environ["VAR_DIR"] = str(_folder)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

if "TEST_REDIS_URL" in os.environ:
    _number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw14").removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = f"{os.environ['TEST_REDIS_URL'].rstrip('/')}/{_number}"
else:
    from config import valkey

    _server, _path = valkey.start(_folder / "valkey", keeps=False)
    os.environ["REDIS_URL"] = f"unix://{_path}"


@atexit.register
def _stop() -> None:
    if _server is not None:
        _server.terminate()
        _server.wait(10)
    shutil.rmtree(_folder, ignore_errors=True)
