// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/schedule/scheduler.h"

#include "inference/engine/schedule/sequence_state.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tramontane::engine {

namespace {

constexpr int kNoRoom = 1;  // llama_decode: no place in the KV cache; nothing was changed
constexpr int kAborted = 2; // llama_decode: the abort callback said so
// Room that an answer should find when it begins. Were it all that it may ever need, few could run side by side, and
// most answers end long before their limit.
constexpr std::size_t kReserve = 256;
// Waiting for another one to read what both begin with pays from here on.
constexpr std::size_t kWorthWaiting = 32;
// So many tokens may lie idle even where fewer are worked on; with the smallest models they cost a seventh of the speed.
constexpr std::size_t kIdleTokens = 512;

Error computeFailed(int code)
{
    return {ErrorCode::Internal, "The model could not go on computing.", "llama_decode " + std::to_string(code)};
}

std::size_t wish(std::size_t tokens, std::size_t most)
{
    return std::min(tokens + kReserve, most);
}

/// The flag is only watched while one request is worked on: it dies with the request.
class Watched {
public:
    Watched(LoadedEngine &engine, const std::atomic<bool> *cancelled) : m_engine(engine) { engine.watch(cancelled); }
    ~Watched() { m_engine.watch(nullptr); }
    Watched(const Watched &) = delete;
    Watched &operator=(const Watched &) = delete;

private:
    LoadedEngine &m_engine;
};

} // namespace

Scheduler::Scheduler(LoadedEngine &engine, RequestQueue &queue, Send send, SendBulk sendBulk)
    : m_engine(engine), m_queue(queue), m_send(std::move(send)), m_sendBulk(std::move(sendBulk)),
      m_table(llama_get_memory(engine.context()), llama_n_seq_max(engine.context()), prefixReuse(engine.model()),
              llama_model_n_swa(engine.model())),
      m_checkpoints(engine.context(), m_table), m_batch(llama_n_batch(engine.context())),
      m_budget(static_cast<int>(llama_n_ubatch(engine.context())))
{
    m_table.clear();
}

void Scheduler::run()
{
    for (;;) {
        if (!step())
            m_queue.waitForReady();
    }
}

bool Scheduler::step()
{
    admit();
    sweepCancelled();
    if (m_slots.empty())
        return false;
    place();
    takeTurn();
    m_imageWasLast = !m_imageWasLast && fillImage();
    if (!m_imageWasLast)
        fill();
    if (decode())
        harvest();
    dropClosed();
    return true;
}

void Scheduler::admit()
{
    while (auto request = m_queue.takeReady([this](const Request &next) { return accepts(next); })) {
        if (request->brief) {
            answerBrief(*request);
            continue;
        }
        const std::uint64_t id = request->id;
        Emit emit = [this, id](protocol::Payload payload) { m_send(id, std::move(payload)); };
        m_slots.push_back({std::make_unique<Answer>(m_engine, std::move(*request), std::move(emit)), -1, {}});
    }
}

void Scheduler::answerBrief(const Request &request)
{
    const auto send = [&](protocol::Payload payload) {
        if (m_queue.finish(request.id))
            m_send(request.id, std::move(payload));
    };
    llama_context *context = m_engine.context();
    if (const auto *save = std::get_if<protocol::SaveState>(&request.payload)) {
        auto saved = saveState(context, m_table, m_checkpoints, save->conversation, request.adapters);
        if (!saved)
            return send(protocol::Failure{saved.error()});
        send(std::move(saved->head));
        m_sendBulk(request.id, std::move(saved->bytes));
    } else if (const auto *restore = std::get_if<protocol::RestoreState>(&request.payload)) {
        const auto restored = restoreState(context, m_table, m_checkpoints, *restore, request.data, request.adapters);
        restored ? send(*restored) : send(protocol::Failure{restored.error()});
    } else if (const auto *find = std::get_if<protocol::FindState>(&request.payload)) {
        send(findState(m_table, find->conversation, request.adapters));
    } else if (const auto *forget = std::get_if<protocol::ForgetState>(&request.payload)) {
        m_checkpoints.forget(forget->conversation);
        send(forgetState(m_table, forget->conversation));
    }
}

bool Scheduler::accepts(const Request &request) const
{
    if (m_slots.empty() || request.brief)
        return true;
    if (m_slots.size() == static_cast<std::size_t>(m_engine.info().parallel))
        return false;
    const auto &asked = std::get<protocol::Generate>(request.payload);
    if (asked.deterministic || m_slots.front().answer->asked().deterministic)
        return false;
    const std::size_t prompt = request.prepared->prompt.tokens.size();
    std::size_t wishes = wish(prompt, prompt + static_cast<std::size_t>(asked.sampling.maxTokens));
    for (const Slot &slot : m_slots)
        wishes += wish(slot.answer->tokens().size(), slot.answer->mostTokens());
    return wishes <= llama_n_ctx(m_engine.context());
}

void Scheduler::sweepCancelled()
{
    for (Slot &slot : m_slots) {
        if (!slot.answer->cancelled())
            continue;
        slot.answer->stop();
        close(slot, slot.answer->finish());
    }
    dropClosed();
}

std::size_t Scheduler::computed(const Slot &slot) const
{
    return slot.sequence < 0 ? 0 : m_table.tokens(slot.sequence).size();
}

std::size_t Scheduler::pending(const Slot &slot) const
{
    return slot.sequence < 0 ? 0 : slot.answer->tokens().size() - computed(slot);
}

void Scheduler::place()
{
    for (Slot &slot : m_slots) {
        if (slot.sequence >= 0)
            continue;
        if (!hasRoomFor(slot))
            return; // nobody overtakes: it would wait for good behind small ones
        if (waitsForAnother(slot))
            continue;
        const protocol::Generate &asked = slot.answer->asked();
        if (asked.deterministic)
            m_table.clear();
        const bool fresh = asked.deterministic || !asked.reusePrefix;
        const AdapterSet &adapters = slot.answer->adapters();
        const auto place = fresh ? m_table.placeFresh(adapters) : m_checkpoints.place(slot.answer->tokens(), adapters);
        slot.sequence = place.sequence;
        slot.answer->reuse(place.kept);
        m_table.disown(asked.conversation); // else what it no longer says would lie in the way as long as it speaks
        m_table.trimIdle(std::max(kIdleTokens, m_table.tokensInUse() + pending(slot)));
    }
}

bool Scheduler::hasRoomFor(const Slot &slot) const
{
    const bool first = std::none_of(m_slots.begin(), m_slots.end(), [](const Slot &s) { return s.sequence >= 0; });
    const std::size_t tokens = wish(slot.answer->tokens().size(), slot.answer->mostTokens());
    return first || m_table.tokensInUse() + tokens <= llama_n_ctx(m_engine.context());
}

bool Scheduler::waitsForAnother(const Slot &slot) const
{
    if (!slot.answer->asked().reusePrefix || prefixReuse(m_engine.model()) == PrefixReuse::Whole)
        return false;
    const TokenIds &mine = slot.answer->tokens();
    const std::size_t kept = m_table.wouldKeep(mine, slot.answer->adapters());
    return std::any_of(m_slots.begin(), m_slots.end(), [&](const Slot &other) {
        if (pending(other) <= 1 || other.answer->adapters() != slot.answer->adapters())
            return false;
        const TokenIds &theirs = other.answer->tokens();
        const auto shorter = static_cast<std::ptrdiff_t>(std::min(mine.size() - 1, theirs.size()));
        const auto end = std::mismatch(mine.begin(), mine.begin() + shorter, theirs.begin()).first;
        return static_cast<std::size_t>(end - mine.begin()) >= kept + kWorthWaiting;
    });
}

void Scheduler::takeTurn()
{
    std::vector<const AdapterSet *> sets;
    for (const Slot &slot : m_slots) {
        if (slot.sequence >= 0)
            sets.push_back(&slot.answer->adapters());
    }
    if (!sets.empty())
        m_adapters = m_turns.next(sets);
}

bool Scheduler::hasTurn(const Slot &slot) const
{
    return slot.answer->adapters() == m_adapters;
}

int Scheduler::promptBudget(std::size_t writers) const
{
    const auto most = static_cast<int>(llama_n_ubatch(m_engine.context()));
    const bool alone = m_slots.size() == 1;
    const bool steady = alone && (m_engine.canAbort() || m_slots.front().answer->asked().deterministic);
    return steady ? most : std::max(std::min(m_budget.promptTokens(), most - static_cast<int>(writers)), 1);
}

/// One piece of an image is encoded, or embeddings of one are put into the batch. False: no image is next.
bool Scheduler::fillImage()
{
    m_batch.clear();
    for (Slot &slot : m_slots) {
        const std::size_t at = computed(slot);
        ImageSpan *image = pending(slot) > 1 && hasTurn(slot) ? slot.answer->prompt().imageAt(at) : nullptr;
        if (image == nullptr)
            continue;
        if (image->embeddings.empty()) {
            auto encoded = m_engine.projector()->encode(image->piece, slot.answer->cancelled());
            if (encoded)
                image->embeddings = std::move(*encoded);
            else if (encoded.error().code != ErrorCode::Cancelled) // that one the next step sees
                close(slot, protocol::Failure{encoded.error()});
            return true;
        }
        const std::size_t size = std::min(image->end() - at, m_batch.room());
        m_batch.addImage(slot.sequence, at, std::span(slot.answer->tokens()).subspan(at, size),
                         image->embeddings.data() + (at - image->first) * m_engine.projector()->width());
        return true;
    }
    return false;
}

void Scheduler::fill()
{
    m_batch.clear();
    std::size_t readers = 0;
    for (Slot &slot : m_slots) {
        if (!hasTurn(slot))
            continue;
        readers += pending(slot) > 1 ? 1 : 0;
        if (pending(slot) == 1)
            addWriter(slot);
    }
    auto left = static_cast<std::size_t>(promptBudget(m_batch.size()));
    for (const Slot &slot : m_slots) {
        const std::size_t open = pending(slot);
        if (open <= 1 || !hasTurn(slot))
            continue;
        // What one does not need is left to those after it.
        const std::size_t wanted = m_checkpoints.readUpTo(*slot.answer, computed(slot)) - computed(slot);
        const std::size_t size = std::min(
            {wanted, (left + readers - 1) / readers, m_batch.room(), slot.answer->prompt().textFrom(computed(slot))});
        --readers;
        left -= size;
        if (size > 0) {
            m_batch.add(slot.sequence, computed(slot), std::span(slot.answer->tokens()).subspan(computed(slot), size),
                        size == open ? 1 : 0);
        }
    }
}

void Scheduler::addWriter(Slot &slot)
{
    TokenIds piece{slot.answer->tokens().back()};
    const TokenIds guessed = guess(slot);
    piece.insert(piece.end(), guessed.begin(), guessed.end());
    m_batch.add(slot.sequence, computed(slot), piece, piece.size());
}

TokenIds Scheduler::guess(Slot &slot)
{
    const TokenIds &tokens = slot.answer->tokens();
    const std::size_t left = slot.answer->mostTokens() - tokens.size();
    const bool begun = tokens.size() > slot.answer->promptTokens();
    const bool alone = slot.answer->asked().deterministic || !slot.answer->prompt().images.empty();
    if (!m_engine.guesses() || !begun || left <= 1 || alone)
        return {};
    // The last token needs no guess, and all answers share what one step may guess.
    const std::size_t most = slot.policy.next(std::min(left - 1, kMostGuessed / m_slots.size()));
    TokenIds guessed = guessFromPrompt(tokens, most);
    if (guessed.empty() && m_engine.draft() != nullptr)
        guessed = m_engine.draft()->guess(slot.sequence, tokens, most);
    return guessed;
}

bool Scheduler::decode()
{
    if (m_batch.size() == 0)
        return false;
    const bool alone = m_slots.size() == 1 && m_engine.canAbort();
    const Watched watched(m_engine, alone ? &m_slots.front().answer->cancelled() : nullptr);
    m_engine.adapters().apply(m_engine.context(), m_adapters);
    const auto start = std::chrono::steady_clock::now();
    int code = llama_decode(m_engine.context(), m_batch.batch());
    while (code == kNoRoom && m_table.evict())
        code = llama_decode(m_engine.context(), m_batch.batch());
    if (code == 0) {
        llama_synchronize(m_engine.context());
        const auto time = std::chrono::steady_clock::now() - start;
        m_budget.measured(static_cast<int>(m_batch.size()),
                          std::chrono::duration_cast<std::chrono::microseconds>(time));
        return true;
    }
    const auto placed =
        std::count_if(m_slots.begin(), m_slots.end(), [](const Slot &slot) { return slot.sequence >= 0; });
    if (code == kNoRoom && placed > 1)
        makeRoom();
    else if (code != kAborted)
        failBatch(code);
    else
        m_checkpoints.recover(m_batch.pieces().front().sequence); // only one that is alone is aborted
    return false;
}

void Scheduler::makeRoom()
{
    const auto youngest =
        std::find_if(m_slots.rbegin(), m_slots.rend(), [](const Slot &slot) { return slot.sequence >= 0; });
    m_table.forget(std::exchange(youngest->sequence, -1));
}

void Scheduler::failBatch(int code)
{
    for (const Piece &piece : m_batch.pieces()) {
        Slot *slot = slotOf(piece.sequence);
        close(*slot, protocol::Failure{computeFailed(code)});
        m_table.forget(piece.sequence); // what it holds now is not known
    }
}

void Scheduler::harvest()
{
    for (const Piece &piece : m_batch.pieces()) {
        Slot &slot = *slotOf(piece.sequence);
        Answer &answer = *slot.answer;
        const bool reading = pending(slot) > 1 || answer.tokens().size() == answer.promptTokens();
        m_table.append(piece.sequence, piece.tokens);
        if (reading)
            answer.read(piece.tokens.size(), computed(slot));
        if (piece.outputs <= 1) // guesses are not known to be right
            m_checkpoints.reached(answer, piece.sequence);
        if (piece.outputs > 0)
            writeAll(slot, piece);
    }
}

void Scheduler::writeAll(Slot &slot, const Piece &piece)
{
    Answer &answer = *slot.answer;
    const std::size_t guesses = piece.outputs - 1;
    const std::size_t before = computed(slot) - guesses;
    std::size_t right = 0;
    for (std::size_t i = 0; i < piece.outputs; ++i) {
        const auto goesOn = answer.write(m_engine.context(), piece.logitsFrom() + static_cast<std::int32_t>(i));
        if (!goesOn)
            return close(slot, protocol::Failure{goesOn.error()});
        const bool guessed = i < guesses && answer.tokens().back() == piece.tokens[piece.tokens.size() - guesses + i];
        right += guessed ? 1 : 0;
        if (*goesOn && guessed)
            continue;
        // What was guessed wrong, or lies behind the end, is taken back; only memories that can be cut are guessed for.
        (void)m_table.cut(slot.sequence, before + right);
        answer.countDraft(guesses, right);
        slot.policy.learn(guesses, right);
        if (!*goesOn)
            close(slot, answer.finish());
        return;
    }
}

Scheduler::Slot *Scheduler::slotOf(llama_seq_id sequence)
{
    const auto found =
        std::find_if(m_slots.begin(), m_slots.end(), [=](const Slot &slot) { return slot.sequence == sequence; });
    return found == m_slots.end() ? nullptr : &*found;
}

void Scheduler::close(Slot &slot, protocol::Payload result)
{
    const std::uint64_t id = slot.answer->id();
    if (slot.sequence >= 0)
        leave(slot);
    slot.answer.reset();
    if (m_queue.finish(id))
        m_send(id, std::move(result));
}

void Scheduler::leave(Slot &slot)
{
    const protocol::Generate &asked = slot.answer->asked();
    const llama_seq_id sequence = std::exchange(slot.sequence, -1);
    if (asked.conversation.empty() && !asked.reusePrefix)
        return m_table.forget(sequence); // who takes nothing from others leaves nothing
    m_table.release(sequence, asked.conversation);
}

void Scheduler::dropClosed()
{
    std::erase_if(m_slots, [](const Slot &slot) { return slot.answer == nullptr; });
}

} // namespace tramontane::engine
