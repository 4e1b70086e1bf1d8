#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds dist/tramontane_VERSION_ARCH.deb from the release preset and the release flavour of llama.cpp.
set -eu
cd "$(dirname "$0")/../.."
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
stage=build/deb/tramontane

rm -rf build/deb
mkdir -p "$stage" dist
cp -r packaging/deb/debian "$stage/debian"
"$python" packaging/deb/changelog.py "$stage/debian/changelog"
"$python" packaging/third_party/notices.py --copyright "$stage/debian/copyright"

log=build/deb/build.log
if ! (cd "$stage" && DEB_BUILD_OPTIONS="noautodbgsym parallel=$(nproc)" dpkg-buildpackage -us -uc -b) >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "deb: the build failed; the whole log is $log" >&2
    exit 1
fi
rm -f dist/tramontane_*.deb
mv build/deb/tramontane_*.deb dist/
ls -l dist/tramontane_*.deb
