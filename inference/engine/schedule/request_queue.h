// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/engine/answer/answer_format.h"
#include "inference/engine/answer/sampling.h"
#include "inference/engine/image/image_prompt.h"
#include "inference/engine/model/adapter_set.h"
#include "inference/protocol/frame.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tramontane::engine {

/// What a question needs before the model can work on it.
struct Prepared {
    ImagePrompt prompt;
    Sampler sampler;
    std::optional<AnswerFormat> format;      // absent: free text
    std::vector<std::size_t> returnPoints{}; // of the prompt; empty where the model's memory can be cut anywhere
};

/// A request on its way. `cancelled` is shared with whoever may cancel it.
struct Request {
    std::uint64_t id = 0;
    protocol::Payload payload;
    bool background = false;           // waits behind requests of people
    bool brief = false;                // needs no place among the answers: comes first
    std::string data;                  // the bytes of a RestoreState, the pixels of a Generate
    std::shared_ptr<const void> share; // of the memory for images; given back with the last copy
    std::unique_ptr<Prepared> prepared;
    AdapterSet adapters; // that it names
    std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
};

/// Every request from its frame to its end. It waits twice: to be prepared (a thread that only needs the tokenizer),
/// then to be run (the thread that owns the context). Brief ones come first, then people's, in the order of their
/// coming; one of the background comes after kPatience of them at the latest. Any thread.
class RequestQueue {
public:
    /// How many may wait; the running ones do not count.
    static constexpr std::size_t kCapacity = 64;
    static constexpr int kPatience = 8;

    enum class Added { Yes, Full, IdInUse };
    enum class Cancelled { Running, Waiting, Unknown };

    /// A request that was not yet seen. Full: nothing was taken, the caller says so.
    [[nodiscard]] Added add(Request request);
    /// Waits for the next request that has to be prepared.
    [[nodiscard]] Request takeNew();
    /// Gives back what takeNew() gave, ready to be run. It is dropped if it was cancelled meanwhile.
    void makeReady(Request request);
    /// The next request that can be run; nothing when there is none, or when `accepts` refuses the one whose turn it is:
    /// it is not overtaken. `accepts` must not call the queue.
    [[nodiscard]] std::optional<Request> takeReady(const std::function<bool(const Request &)> &accepts);
    /// Waits until a request is ready to be run.
    void waitForReady();
    [[nodiscard]] bool hasReady();
    /// The request has been answered, or is about to be. False: it was cancelled while it waited, and somebody else has
    /// answered it.
    [[nodiscard]] bool finish(std::uint64_t id);
    /// A running request is asked to end; one that waits is taken out: the caller answers it.
    [[nodiscard]] Cancelled cancel(std::uint64_t id);

private:
    enum class State { New, InWork, Ready, Running };
    struct Entry {
        State state = State::New;
        bool background = false;
        bool brief = false;
        std::shared_ptr<std::atomic<bool>> cancelled;
        std::optional<Request> request; // while it waits here
    };
    using Entries = std::map<std::uint64_t, Entry>;

    [[nodiscard]] Entries::iterator next(State state);
    Request takeOut(Entries::iterator entry, State to);

    std::mutex m_mutex;
    std::condition_variable m_added;
    std::condition_variable m_ready;
    Entries m_entries;                            // by order of coming
    std::map<std::uint64_t, std::uint64_t> m_ids; // id to order
    std::uint64_t m_lastOrder = 0;
    std::size_t m_waiting = 0;
    int m_passedOver = 0; // people's requests run since one of the background waits
};

} // namespace tramontane::engine
