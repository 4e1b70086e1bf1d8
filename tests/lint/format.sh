#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Says which sources clang-format would change; with --fix it changes them.
cd "$(dirname "$0")/../.." || exit 1
if [ "${1:-}" = --fix ]; then set -- -i; else set -- --dry-run --Werror; fi
find app inference storage ui tests \( -name '*.h' -o -name '*.cpp' \) -not -path 'tests/data/*' -print0 \
    | xargs -0 -r -n 16 -P "$(nproc)" clang-format-14 "$@" 2>&1 | sed -n 's/^\([^ ]*\):[0-9]*:[0-9]*: error.*/\1/p' | sort | uniq -c \
    | awk '{ print; n++ } END { print "format: " n + 0 " files differ"; exit n > 0 }'
