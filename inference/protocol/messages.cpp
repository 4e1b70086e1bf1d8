// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/messages.h"

#include "inference/protocol/message_codec.h"

namespace tramontane::protocol {

const char *typeName(const Payload &payload) noexcept
{
    return kTypeNames[payload.index()];
}

Status checkHello(const Hello &hello)
{
    if (hello.version == kProtocolVersion)
        return {};
    return Error{ErrorCode::EngineProtocol,
                 "The engine program and the application do not belong to the same version. Install Tramontane again.",
                 "protocol version " + std::to_string(hello.version) + " instead of "
                     + std::to_string(kProtocolVersion)};
}

} // namespace tramontane::protocol
