// SPDX-License-Identifier: Apache-2.0
#include "app/platform/session/desktop_session.h"
#include "app/platform/session/logind.h"

namespace tramontane {

std::unique_ptr<SessionWatch> watchDesktopSession()
{
    return std::make_unique<LogindWatch>();
}

} // namespace tramontane
