// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/policy_source.h"

namespace tramontane::test {

/// A policy that the test sets. It begins as the unmanaged one.
class FakePolicySource final : public PolicySource {
    Q_OBJECT
public:
    explicit FakePolicySource(QObject *parent = nullptr);
    [[nodiscard]] const EffectivePolicy &current() const override { return m_policy; }
    /// One managed file with this text; emits changed().
    void setManaged(const std::string &json);
    /// A managed file that cannot be trusted: mode Invalid.
    void setInvalid();

private:
    EffectivePolicy m_policy;
};

} // namespace tramontane::test
