// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStringList>

#include <string>

namespace tramontane::ctl {

/// The absolute path of what was given: itself if there is such a file, else the first file of that name in `folders`.
/// When neither is there, the path as it was given, so that the error names it.
[[nodiscard]] std::string inModelFolders(const std::string &file, const QStringList &folders);

} // namespace tramontane::ctl
