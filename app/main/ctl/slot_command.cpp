// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/slot_command.h"

namespace tramontane::ctl {

void SlotCommand::run(Session &session)
{
    whenReady(this, context().parts.vault().status(), [this, &session](const Result<VaultStatus> &status) {
        if (failed(status))
            return;
        Composition &parts = context().parts;
        m_slots = std::make_unique<SlotService>(session.vault(), parts.secrets(), parts.policy(), parts.clock(),
                                                status->directory);
        change(*m_slots);
    });
}

void SlotCommand::report(const SlotInfo &slot, const std::string &words, const QJsonObject &more)
{
    QJsonObject result{{"slot", slotJson(slot)}};
    for (auto member = more.begin(); member != more.end(); ++member)
        result.insert(member.key(), member.value());
    output().result(result, words + "\n");
    done();
}

void SlotCommand::reportMade(const Result<SlotInfo> &made, const std::string &words)
{
    if (!failed(made))
        report(*made, words);
}

} // namespace tramontane::ctl
