#!/bin/sh
# Creates a virtual environment, without pip in it.
#
#   sh scripts/create_venv.sh FOLDER [PYTHON]
#
# Without PYTHON, the first Python on the search path that is new enough is taken.
set -eu

folder=$1
if [ -n "${2-}" ]; then
    set -- "$2"
else
    set -- python3 python3.14 python3.13 python3.12 python3.11 python
fi

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

version_of() {
    "$1" -c 'import platform; print(platform.python_version())' 2>/dev/null
}

python=
for candidate in "$@"; do
    if is_new_enough "$candidate"; then
        python=$candidate
        break
    elif version=$(version_of "$candidate"); then
        echo "$candidate is Python $version, which is too old." >&2
    elif [ $# -eq 1 ]; then
        echo "$candidate cannot be run." >&2
    fi
done

if [ -z "$python" ]; then
    cat >&2 <<'END'
The site needs Python 3.11 or newer. Where it has another name than python3, or is not on
the search path, name it: make html PYTHON=/path/to/python3.12
END
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    cat >&2 <<END
$python lacks the modules "venv" and "ensurepip", which make virtual environments.
On Debian and Ubuntu they come with the package python3-venv.
END
    exit 1
fi

echo "Creating $folder with Python $(version_of "$python")"
# --clear: what an older Python or an unfinished installation has left is of no use.
exec "$python" -m venv --clear --without-pip "$folder"
