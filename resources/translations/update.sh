#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Takes new and changed texts of the window into the .ts files. Needs lupdate (package qt6-l10n-tools).
set -euo pipefail
cd "$(dirname "$0")/../.."
readonly LUPDATE=${LUPDATE:-/usr/lib/qt6/bin/lupdate}
readonly SPDX='<!-- SPDX-License-Identifier: Apache-2.0 -->'

update() {
    local file=$1; shift
    "$LUPDATE" -silent -no-obsolete -locations none -I . -extensions h,cpp ui app/main/window -ts "$file" "$@"
    # lupdate drops comments.
    grep -qF "$SPDX" "$file" || sed -i "1a $SPDX" "$file"
}

# English has only what counts: the texts in the sources are the others.
update resources/translations/tramontane_en.ts -target-language en -pluralonly
update resources/translations/tramontane_de.ts -target-language de
