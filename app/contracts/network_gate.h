// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/result.h"

#include <string>

namespace tramontane {

/// What somebody wants from the network. All three are needed before anything is resolved or connected.
struct EgressRequest {
    std::string purpose; // "cluster.chat"
    std::string host;
    std::string label; // highest label of the data that would leave
};

/// Asked before every connection (design.md section 6). Any thread, answers at once.
class NetworkGate {
public:
    virtual ~NetworkGate() = default;
    /// Success allows exactly this request. Errors: NetworkRefused, with the rule in `detail`.
    [[nodiscard]] virtual Status allow(const EgressRequest &request) = 0;
};

/// Refuses everything: the only gate that exists until a cluster profile can be made.
class ClosedNetworkGate final : public NetworkGate {
public:
    [[nodiscard]] Status allow(const EgressRequest &request) override;
};

} // namespace tramontane
