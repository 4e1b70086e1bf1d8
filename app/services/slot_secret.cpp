// SPDX-License-Identifier: Apache-2.0
#include "app/services/slot_secret.h"

#include "app/core/recovery_code.h"
#include "app/services/organisation_key_file.h"

namespace tramontane {

Result<SlotSecret> recoverySecret(const std::shared_ptr<SecretBytes> &typed)
{
    const auto text = typed ? typed->bytes() : std::span<const std::uint8_t>();
    const auto code =
        RecoveryCode::fromText(std::string_view(reinterpret_cast<const char *>(text.data()), text.size()));
    if (!code)
        return code.error();
    return SlotSecret{SlotKind::Recovery, code->bytes()};
}

Result<SlotSecret> organisationSecret(const std::vector<std::shared_ptr<SecretBytes>> &keyFiles)
{
    const auto pair = readOrganisationKey(keyFiles);
    if (!pair)
        return pair.error();
    return SlotSecret{SlotKind::Organisation, pair->privateKey};
}

} // namespace tramontane
