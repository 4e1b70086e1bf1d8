// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace tramontane::engine {

/// Takes over what llama.cpp, ggml and common have to say. Warnings and errors go to a sink line by line, nothing ever
/// to standard output. Once a request may hold a person's text, close() lets nothing through any more: a library that
/// fails prints what it was given. An assertion of ggml that ends the process names its place in the source, no more.
/// One object at a time, made in the main thread; messages come from any thread.
class EngineLog {
public:
    using Sink = std::function<void(std::string_view)>;

    explicit EngineLog(Sink sink);
    ~EngineLog();
    EngineLog(const EngineLog &) = delete;
    EngineLog &operator=(const EngineLog &) = delete;

    void close() noexcept { m_open = false; }
    /// The last error line before close(), for the detail of a failed load.
    [[nodiscard]] std::string lastError() const;

private:
    static void take(int level, const char *text, void *self);
    static void takeAbort(const char *text);
    void line(bool error, std::string_view text);

    Sink m_sink;
    std::atomic<bool> m_open{true};
    mutable std::mutex m_mutex;
    std::string m_lastError;
};

} // namespace tramontane::engine
