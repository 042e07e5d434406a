#!/usr/bin/env bash
# Guessed: with pytest-xdist, `--dist loadgroup` runs all tests of an `xdist_group` in one worker.
# So is: with pytest 9.2.0 and pytest-xdist 3.8.0 the marks are ignored without a word: node ids are objects now, and the suffix that
#   carries the group is written to an attribute that nobody reads any more. With pytest 9.1.1 it holds. Reported: pytest-xdist 1386.
# Whom it hurts: whose tests of a group share a server, a port or a file, which now meet; and who groups tests to share what takes
#   long to make, which each worker now makes again. `--dist loadfile` and `loadscope` hold.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > test_group.py <<'PYTHON'
import pytest

pytestmark = pytest.mark.xdist_group("one")


@pytest.mark.parametrize("number", range(20))
def test_of_the_group(number):
    pass
PYTHON
seen=""
for version in 9.1.1 9.2.0; do
  python3 -m venv "environment-$version" || exit 2
  "environment-$version/bin/python" -m pip install --quiet --disable-pip-version-check "pytest==$version" "pytest-xdist==3.8.0" 2>/dev/null || exit 2
  workers=$("environment-$version/bin/python" -m pytest -n 2 --dist loadgroup -v test_group.py | grep PASSED | cut -c1-5 | sort -u | wc -l)
  echo "pytest $version, pytest-xdist 3.8.0: expected 1 worker for the group, seen $workers"
  seen="$seen $workers"
done
[ "$seen" = " 1 2" ]
