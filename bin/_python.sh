# Sourced by the scripts beside it: finds a Python, then makes .venv what the lock file says.
# Usage: . bin/_python.sh; ground requirements.txt

set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"

# The first Python of 3.11 or newer that can make a virtual environment.
find_python() {
    found=""
    too_old=""
    for name in python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
        command -v "$name" >/dev/null 2>&1 || continue
        if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            too_old=$("$name" --version 2>&1)
            continue
        fi
        found=$name
        if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
            python=$name
            return 0
        fi
    done
    if [ -n "$found" ]; then
        echo "$("$found" --version) is here, but without its module for virtual environments." >&2
        echo "On Debian and Ubuntu this adds it:  sudo apt install python3-venv" >&2
    elif [ -n "$too_old" ]; then
        echo "Orangery needs Python 3.11 or newer; this machine has $too_old." >&2
        echo "On Debian 12 or Ubuntu 24.04 this adds it:  sudo apt install python3 python3-venv" >&2
    else
        echo "Orangery needs Python 3.11 or newer; this machine has none." >&2
        echo "On Debian and Ubuntu this adds it:  sudo apt install python3 python3-venv" >&2
    fi
    return 1
}

ground() {
    find_python || exit 1
    "$python" bin/_packages.py "$@" || exit 1
    export PYTHONUNBUFFERED=1
    PATH="$root/.venv/bin:$PATH"
}
