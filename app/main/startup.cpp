// SPDX-License-Identifier: Apache-2.0
#include "app/main/startup.h"

#include "app/core/secret.h"
#include "app/main/log.h"

namespace tramontane {

Result<std::vector<process::Layer>> startProgram()
{
    startLog();
    std::vector<process::Layer> layers{process::disableCoreDumps()};
    if (const Status ready = initCrypto(); !ready)
        return ready.error();
    return layers;
}

} // namespace tramontane
