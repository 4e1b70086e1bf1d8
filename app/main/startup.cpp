// SPDX-License-Identifier: Apache-2.0
#include "app/main/startup.h"

#include "app/core/crypto_self_test.h"
#include "app/core/secret.h"
#include "app/main/log.h"
#include "app/platform/memory/wiped_memory.h"
#include "app/platform/process/key_memory.h"
#include "storage/sqlite/cipher_self_test.h"

namespace tramontane {
namespace {

std::string primitives()
{
    std::string names;
    for (const auto answers : {knownAnswers(), sqlite::cipherKnownAnswers()}) {
        for (const KnownAnswer &known : answers)
            names += (names.empty() ? "" : ", ") + std::string(known.primitive);
    }
    return names;
}

} // namespace

Result<std::vector<process::Layer>> startProgram()
{
    startLog();
    std::vector<process::Layer> layers{process::disableCoreDumps(), process::checkKeyMemory(),
                                       process::checkWipedMemory()};
    if (const Status ready = initCrypto(); !ready)
        return ready.error();
    if (const Status known = checkKnownAnswers(knownAnswers()); !known)
        return known.error();
    if (const Status known = sqlite::cipherSelfTest(); !known)
        return known.error();
    layers.push_back({"self-test", true, "Every cryptographic primitive gave its known answer: " + primitives() + "."});
    return layers;
}

} // namespace tramontane
