// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/transcript/transcript_item.h"

#include <string>

// Short messages for the tests of the transcript.
namespace tramontane::ui {

inline TranscriptItem sampleItem(Role role, std::vector<Block> blocks)
{
    TranscriptItem item;
    item.message.id = MessageId::make(1795250280000);
    item.message.role = role;
    item.message.createdMs = 1795250280000;
    item.message.blocks = std::move(blocks);
    item.display.name = role == Role::User ? QStringLiteral("You") : QStringLiteral("Bora 24B");
    if (role == Role::Assistant) {
        item.display.place = QStringLiteral("On this machine");
        item.display.device = QStringLiteral("CPU, 2 threads");
    }
    return item;
}

inline TranscriptItem question(const std::string &text)
{
    return sampleItem(Role::User, {{BlockKind::Text, text, {}}});
}

inline TranscriptItem answer(const std::string &text)
{
    return sampleItem(Role::Assistant, {{BlockKind::Text, text, {}}});
}

inline TranscriptItem writing()
{
    TranscriptItem item = sampleItem(Role::Assistant, {});
    item.display.streaming = true;
    return item;
}

} // namespace tramontane::ui
