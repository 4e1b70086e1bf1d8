// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fakes/script.h"

#include <algorithm>

namespace tramontane::test {

int Script::count(const std::string &call) const
{
    return int(std::count(m_calls.begin(), m_calls.end(), call));
}

} // namespace tramontane::test
