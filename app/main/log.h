// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tramontane {

/// Sends warnings and errors of this program and of Qt to standard error, one line each; nothing below that, and never to
/// a file: what must be kept is in the audit log. Texts of the log hold codes and paths, no content and no secrets.
/// Call once, before the first thread.
void startLog();

} // namespace tramontane
