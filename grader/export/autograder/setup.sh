#!/usr/bin/env bash
# Makes an environment of its own with the grader in it. Gradescope runs this once, as root.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="${AUTOGRADER_ROOT:-/autograder}"

export DEBIAN_FRONTEND=noninteractive
apt-get update
python=""
for version in 3.13 3.12 3.11; do
    if apt-cache show "python$version-venv" >/dev/null 2>&1; then
        apt-get install -y "python$version" "python$version-venv" bubblewrap
        python="python$version"
        break
    fi
done
if [ -z "$python" ]; then
    echo "expected a system that offers Python 3.11 or later; choose a newer base image" >&2
    exit 3
fi

"$python" -m venv "$root/venv"
"$root/venv/bin/pip" install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cpu
"$root/venv/bin/pip" install --no-cache-dir "$here/package"

# Solutions are read by root alone; students' code runs as somebody else.
chmod -R go-rwx "$here"
