// SPDX-License-Identifier: Apache-2.0
#include "app/contracts/network_gate.h"

namespace tramontane {

Status ClosedNetworkGate::allow(const EgressRequest &request)
{
    return Error{ErrorCode::NetworkRefused,
                 "Not sent: this version of Tramontane reaches no network. Nothing left this machine.",
                 "rule egress.closed, purpose " + request.purpose};
}

} // namespace tramontane
