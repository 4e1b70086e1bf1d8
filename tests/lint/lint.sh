#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All checks that look at the sources without running them. Goes on after a finding; exit 1 when there was one.
# usage: lint.sh [SECONDS for clang-tidy; default no limit; "quick": without it]
cd "$(dirname "$0")/../.." || exit 1
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
status=0

check() {
    echo "-- $1"
    shift
    "$@" || status=1
}

check "format" tests/lint/format.sh
check "shell scripts" shellcheck dev .ci/run packaging/deb/build.sh packaging/deb/test.sh tests/lint/lint.sh tests/lint/format.sh
check "rules of the house: their own cases" "$python" tests/architecture/run_cases.py
check "rules of the house" "$python" tests/architecture/check.py --link-graph build/dev/link_graph.txt
check "generated tables" "$python" packaging/third_party/notices.py --check
check "platform-free rooms for Windows" "$python" tests/lint/windows_syntax.py
[ "${1:-0}" = quick ] || check "clang-tidy" "$python" tests/lint/clang_tidy.py build/dev --seconds "${1:-0}"
exit $status
