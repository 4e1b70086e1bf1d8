// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/fake_policy_source.h"

namespace tramontane::test {

FakePolicySource::FakePolicySource(QObject *parent) : PolicySource(parent), m_policy(effectivePolicy({})) {}

void FakePolicySource::setManaged(const std::string &json)
{
    ManagedPolicySources sources;
    sources.seenBefore = true;
    sources.files.push_back({"/managed/10-test.json", json, {}});
    m_policy = effectivePolicy(sources);
    Q_EMIT changed();
}

void FakePolicySource::setInvalid()
{
    ManagedPolicySources sources;
    sources.seenBefore = true;
    sources.files.push_back({"/managed/10-test.json", "{", "not readable"});
    m_policy = effectivePolicy(sources);
    Q_EMIT changed();
}

} // namespace tramontane::test
