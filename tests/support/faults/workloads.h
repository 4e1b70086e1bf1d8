// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/faults/ledger.h"

#include <random>

/// What a person does with a vault, written down as promises. One function for each kind of work; each may be called any
/// number of times and goes on after a refusal. To bring a new kind of work under every fault, write its function and add
/// it to allWorkloads().
namespace tramontane::test {

using Random = std::mt19937_64;
using Workload = void (*)(OpenVault &vault, Ledger &ledger, Random &random);

/// Question, record of the attempt, parts of the answer, the answer, record of its end, settlement (design.md section 3).
void askAndAnswer(OpenVault &vault, Ledger &ledger, Random &random);
/// The same up to the parts: what a crash in the middle of an answer leaves.
void askOnly(OpenVault &vault, Ledger &ledger, Random &random);
void renameConversation(OpenVault &vault, Ledger &ledger, Random &random);
void changeSetting(OpenVault &vault, Ledger &ledger, Random &random);
/// The catalogue: an entry, and the same taken out again.
void keepModel(OpenVault &vault, Ledger &ledger, Random &random);
void signCheckpoint(OpenVault &vault, Ledger &ledger, Random &random);
/// A snapshot of a conversation's state: a file with a key in vault.db.
void keepSnapshot(OpenVault &vault, Ledger &ledger, Random &random);
/// A way to open the vault, and the same taken away again: slots.json.
void changeSlots(OpenVault &vault, Ledger &ledger, Random &random);
/// A file with a key in vault.db.
void attachFile(OpenVault &vault, Ledger &ledger, Random &random);
/// Into the bin and back.
void useBin(OpenVault &vault, Ledger &ledger, Random &random);
/// A whole conversation for good, with its pages and its files.
void eraseConversation(OpenVault &vault, Ledger &ledger, Random &random);
/// Another key for vault.db, by way of a second file.
void rotateKey(OpenVault &vault, Ledger &ledger, Random &random);

[[nodiscard]] const std::vector<Workload> &allWorkloads();
/// `rounds` times one of them.
void work(OpenVault &vault, Ledger &ledger, Random &random, int rounds);

} // namespace tramontane::test
