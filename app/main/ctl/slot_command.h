// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/main/ctl/command.h"
#include "app/main/ctl/slot_json.h"
#include "app/services/slot_service.h"

namespace tramontane::ctl {

/// A command that changes the ways to open the vault.
class SlotCommand : public VaultCommand {
    Q_OBJECT
public:
    using VaultCommand::VaultCommand;

protected:
    void run(Session &session) final;
    /// The service is there.
    virtual void change(SlotService &slots) = 0;
    /// The result: `slot` and what `more` adds, and `words` for people. Ends the command.
    void report(const SlotInfo &slot, const std::string &words, const QJsonObject &more = {});
    /// report(), or the error.
    void reportMade(const Result<SlotInfo> &made, const std::string &words);

private:
    std::unique_ptr<SlotService> m_slots;
};

} // namespace tramontane::ctl
