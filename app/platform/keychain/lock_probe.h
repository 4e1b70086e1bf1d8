// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/async.h"

#include <QObject>
#include <QString>

namespace tramontane {

/// Whether the keychain may hold this entry in a locked part. QtKeychain cannot tell: a Secret Service that is locked
/// and whose prompt is refused answers a look-up exactly as one that has no such entry, and who takes "locked" for
/// "missing" makes new keys for an existing vault. Never fails: where it cannot be found out, the answer is no.
/// `context`: the calling thread's object that the question lives with.
/// Source followed: Secret Service API 0.2, SearchItems, ReadAlias and the Locked property
/// (https://specifications.freedesktop.org/secret-service-spec/latest/).
[[nodiscard]] Async<bool> mayBeLocked(QObject *context, const QString &service, const QString &key);

} // namespace tramontane
