// SPDX-License-Identifier: Apache-2.0
#include "app/services/keychain_slot.h"

#include "app/contracts/when_ready.h"

namespace tramontane {
namespace {

Error refused(ErrorCode code, const std::string &why)
{
    return Error{code, "Nothing was changed: " + why, {}};
}

} // namespace

Async<SlotInfo> KeychainSlot::add()
{
    Deferred<SlotInfo> answer;
    const auto resolve = [answer](const Result<SlotInfo> &made) { answer.resolve(made); };
    whenReady(m_context, m_secrets.read(m_entry), [this, answer, resolve](const Result<Key> &found) {
        if (found && (*found)->size() != Key32::kSize)
            return answer.resolve(
                refused(ErrorCode::KeychainUnavailable, "the keychain holds something else under our name."));
        // Of a keychain slot that was lost here, or of a vault that lay here before: used again, never overwritten.
        if (found)
            return whenReady(m_context, addWithKey(*found, false), resolve);
        if (found.error().code != ErrorCode::KeychainEntryMissing)
            return answer.resolve(found.error());
        const auto key = std::make_shared<SecretBytes>(SecretBytes::copyOf(Key32::random().bytes()));
        whenReady(m_context, m_secrets.write(m_entry, key), [this, key, answer, resolve](const Status &written) {
            if (!written)
                return answer.resolve(written.error());
            whenReady(m_context, addWithKey(key, true), resolve);
        });
    });
    return answer.future();
}

Async<SlotInfo> KeychainSlot::addWithKey(const Key &key, bool ours)
{
    Deferred<SlotInfo> answer;
    whenReady(m_context, m_slots.find({SlotKind::Keychain, key}),
              [this, key, ours, answer](const Result<SlotInfo> &there) {
                  if (there)
                      return answer.resolve(
                          refused(ErrorCode::InvalidArgument, "the vault opens with the keychain already."));
                  if (there.error().code != ErrorCode::WrongPassphrase)
                      return answer.resolve(there.error());
                  whenReady(m_context, m_slots.add({SlotKind::Keychain, key}),
                            [this, ours, answer](const Result<SlotInfo> &made) {
                                if (made || !ours)
                                    return answer.resolve(made);
                                whenReady(m_context, m_secrets.remove(m_entry),
                                          [answer, made](const Status &) { answer.resolve(made); });
                            });
              });
    return answer.future();
}

Async<std::string> KeychainSlot::opens()
{
    Deferred<std::string> answer;
    whenReady(m_context, m_secrets.read(m_entry), [this, answer](const Result<Key> &key) {
        if (!key)
            return answer.resolve(std::string());
        whenReady(m_context, m_slots.find({SlotKind::Keychain, *key}),
                  [answer](const Result<SlotInfo> &slot) { answer.resolve(slot ? slot->id : std::string()); });
    });
    return answer.future();
}

Async<void> KeychainSlot::removeEntry()
{
    return m_secrets.remove(m_entry);
}

} // namespace tramontane
