// SPDX-License-Identifier: Apache-2.0
#include "storage/keys/sealed_stream.h"

#include "app/core/digest.h"

#include <sodium.h>

namespace tramontane::vault {

using State = crypto_secretstream_xchacha20poly1305_state;
static_assert(crypto_secretstream_xchacha20poly1305_KEYBYTES == Key32::kSize);
static_assert(crypto_secretstream_xchacha20poly1305_HEADERBYTES == sizeof(StreamNonce));
static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == kSealedMessageExtra);
static_assert(alignof(State) == 1); // so that it may lie anywhere in locked memory

namespace {

State *stateIn(SecretBytes &memory)
{
    return reinterpret_cast<State *>(memory.data());
}

} // namespace

StreamSealer::StreamSealer(const Key32 &key) : m_state(sizeof(State))
{
    crypto_secretstream_xchacha20poly1305_init_push(stateIn(m_state), m_nonce.data(), key.bytes().data());
}

void StreamSealer::seal(std::span<const std::uint8_t> message, std::string_view associatedData, StreamTag tag,
                        std::vector<std::uint8_t> &sealed)
{
    sealed.resize(message.size() + kSealedMessageExtra);
    const auto associated = bytesOf(associatedData);
    crypto_secretstream_xchacha20poly1305_push(
        stateIn(m_state), sealed.data(), nullptr, message.data(), message.size(), associated.data(), associated.size(),
        tag == StreamTag::Last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                               : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
}

StreamOpener::StreamOpener(const Key32 &key, const StreamNonce &nonce) : m_state(sizeof(State))
{
    crypto_secretstream_xchacha20poly1305_init_pull(stateIn(m_state), nonce.data(), key.bytes().data());
}

std::optional<StreamTag> StreamOpener::open(std::span<const std::uint8_t> sealed, std::string_view associatedData,
                                            std::vector<std::uint8_t> &message)
{
    message.clear();
    if (sealed.size() < kSealedMessageExtra)
        return std::nullopt;
    message.resize(sealed.size() - kSealedMessageExtra);
    const auto associated = bytesOf(associatedData);
    unsigned char tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(stateIn(m_state), message.data(), nullptr, &tag, sealed.data(),
                                                   sealed.size(), associated.data(), associated.size())
        != 0) {
        message.clear();
        return std::nullopt;
    }
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL)
        return StreamTag::Last;
    if (tag == crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
        return StreamTag::More;
    return std::nullopt; // we never write another one
}

} // namespace tramontane::vault
