// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/policy/policy.h"

#include <QObject>

namespace tramontane {

/// The policy in force. Calls and signals: the thread that owns the object.
class PolicySource : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// Never fails: an unreadable or malformed policy is a state of its own, the most restrictive one.
    [[nodiscard]] virtual const EffectivePolicy &current() const = 0;

Q_SIGNALS:
    void changed();
};

} // namespace tramontane
