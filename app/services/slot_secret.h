// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/contracts/vault_slots.h"

#include <memory>
#include <vector>

// What a person gives becomes what opens a slot. Any thread.
namespace tramontane {

/// `typed`: a recovery code as a person types it or a file holds it. Errors: InvalidArgument (a typing error).
[[nodiscard]] Result<SlotSecret> recoverySecret(const std::shared_ptr<SecretBytes> &typed);
/// The content of the organisation's key file, or of its two halves. Errors: InvalidArgument (the message says why).
[[nodiscard]] Result<SlotSecret> organisationSecret(const std::vector<std::shared_ptr<SecretBytes>> &keyFiles);

} // namespace tramontane
