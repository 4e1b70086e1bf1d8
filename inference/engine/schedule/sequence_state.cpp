// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/sequence_state.h"

#include "inference/engine/image/image_keys.h"
#include "inference/engine/schedule/saved_checkpoints.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

namespace {

Error unusable(const char *detail)
{
    return {ErrorCode::InvalidArgument, "What was kept of the conversation does not fit this model. It is read again.",
            detail};
}

bool knownTokens(const llama_context *context, const std::vector<std::int32_t> &tokens)
{
    const auto known = llama_vocab_n_tokens(llama_model_get_vocab(llama_get_model(context)));
    return std::all_of(tokens.begin(), tokens.end(), [=](std::int32_t id) { return id >= 0 && id < known; });
}

/// The newest sequence of a conversation, if it was computed with these adapters; -1: there is none.
llama_seq_id newest(const SequenceTable &table, const std::string &conversation, const AdapterSet &adapters)
{
    const llama_seq_id sequence = table.ofOwner(conversation);
    return sequence < 0 || table.adapters(sequence) != adapters ? -1 : sequence;
}

} // namespace

Result<SavedState> saveState(llama_context *context, SequenceTable &table, const Checkpoints &checkpoints,
                             const std::string &conversation, const AdapterSet &adapters)
{
    const llama_seq_id sequence = newest(table, conversation, adapters);
    if (sequence < 0)
        return Error{ErrorCode::NotFound, "The conversation is no longer in the model's memory.", "no sequence"};
    const TokenIds &tokens = table.tokens(sequence);
    // The names of its cells mean nothing in another worker (ImageKeys).
    if (std::any_of(tokens.begin(), tokens.end(), isImageCell))
        return Error{ErrorCode::NotFound, "What the model remembers of images is not kept. They are read again.",
                     "images"};
    const std::size_t size = llama_state_seq_get_size(context, sequence);
    if (size == 0 || size > protocol::kMaxStateBytes)
        return Error{ErrorCode::Internal, "The model's memory could not be read.", "size of the state"};
    SavedState saved{{{}, size}, std::string(size, '\0')};
    auto *into = reinterpret_cast<std::uint8_t *>(saved.bytes.data());
    if (llama_state_seq_get_data(context, into, size, sequence) != size)
        return Error{ErrorCode::Internal, "The model's memory could not be read.", "llama_state_seq_get_data"};
    saved.head.tokens.assign(tokens.begin(), tokens.end());
    const std::string behind = saveCheckpoints(checkpoints.store(), tokens, adapters);
    if (behind.size() <= protocol::kMaxStateBytes - size)
        saved.bytes += behind;
    saved.head.bytes = saved.bytes.size();
    table.markSaved(sequence);
    return saved;
}

Result<protocol::Restored> restoreState(llama_context *context, SequenceTable &table, Checkpoints &checkpoints,
                                        const protocol::RestoreState &request, std::string_view bytes,
                                        const AdapterSet &adapters)
{
    const std::vector<std::int32_t> &tokens = request.state.tokens;
    if (request.conversation.empty() || tokens.empty() || !knownTokens(context, tokens))
        return unusable("tokens");
    if (tokens.size() >= llama_n_ctx(context))
        return Error{ErrorCode::ContextFull, "What was kept of the conversation is longer than the model's context.",
                     std::to_string(tokens.size()) + " tokens"};
    if (const auto old = table.ofOwner(request.conversation); old >= 0)
        table.forget(old);
    const llama_seq_id sequence = table.placeFresh(adapters).sequence;
    const auto *from = reinterpret_cast<const std::uint8_t *>(bytes.data());
    std::size_t read = llama_state_seq_set_data(context, from, bytes.size(), sequence);
    // Only for want of room: bytes that cannot be read must not cost other conversations theirs.
    while (read == 0 && table.tokensHeld() + tokens.size() > llama_n_ctx(context) && table.evict())
        read = llama_state_seq_set_data(context, from, bytes.size(), sequence);
    const auto last = llama_memory_seq_pos_max(llama_get_memory(context), sequence);
    auto behind = readCheckpoints(bytes.substr(std::min(read, bytes.size())), tokens, request.conversation);
    if (read == 0 || !behind || static_cast<std::size_t>(last) + 1 != tokens.size()) {
        table.forget(sequence);
        return unusable("state");
    }
    for (Checkpoint &checkpoint : *behind) {
        checkpoint.adapters = adapters;
        checkpoints.add(std::move(checkpoint));
    }
    table.append(sequence, tokens);
    table.release(sequence, request.conversation);
    table.markSaved(sequence);
    return protocol::Restored{static_cast<int>(tokens.size())};
}

protocol::Restored findState(const SequenceTable &table, const std::string &conversation, const AdapterSet &adapters)
{
    const llama_seq_id sequence = newest(table, conversation, adapters);
    return {sequence < 0 ? 0 : static_cast<int>(table.tokens(sequence).size())};
}

protocol::Restored forgetState(SequenceTable &table, const std::string &conversation)
{
    const llama_seq_id sequence = table.ofOwner(conversation);
    if (sequence < 0)
        return {0};
    const auto count = static_cast<int>(table.tokens(sequence).size());
    table.forget(sequence);
    return {count};
}

} // namespace tramontane::engine
