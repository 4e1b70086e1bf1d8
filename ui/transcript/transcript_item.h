// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/core/conversation.h"

#include <QString>

#include <optional>
#include <vector>

namespace tramontane::ui {

/// What the head and foot of a message show beside the message itself. All text is translated by the caller and shown
/// as plain text. Empty text leaves its chip or figure out. Plain data, GUI thread.
struct MessageDisplay {
    QString name;              // "Bora 24B Instruct"; own messages: "You"
    QString initials;          // own messages: letters in the avatar; empty: a person's icon
    QString place;             // "On this machine", "Cluster eu1, LU"
    bool local = true;         // the place is this machine: accent chip with a lock
    QString device;            // "GPU 49/49", "CPU, 16 threads"
    bool deviceWanted = false; // the GPU was wanted and not used: the device chip is amber
    QString deviceReason;      // why, in words: tooltip and description of that chip
    QString label;             // classification, "restricted"
    std::optional<Usage> usage;
    std::optional<std::int64_t> energyMilliJoule;
    int version = 1;  // of `versions`, counted from 1
    int versions = 1; // the stepper shows only above 1
    bool streaming = false;
    QString progress; // while streaming and before the first text: "Reading the question, 40 %"
};

struct TranscriptItem {
    Message message;
    MessageDisplay display;
};

} // namespace tramontane::ui
