// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/engine_log.h"

#include <ggml.h>
#include <llama.h>
#include <log.h>
#include <mtmd.h>

namespace tramontane::engine {

namespace {

/// ggml calls its abort callback without any context.
std::atomic<EngineLog *> abortLog{nullptr};

/// "file.c:12" of "file.c:12: what happened".
std::string_view placeOf(std::string_view message)
{
    const std::size_t line = message.find(':');
    return message.substr(0, line == std::string_view::npos ? 0 : message.find(':', line + 1));
}

} // namespace

EngineLog::EngineLog(Sink sink) : m_sink(std::move(sink))
{
    // common writes through a thread of its own, which must not exist before the sandbox: it stays silent.
    common_log_set_verbosity_thold(LOG_LEVEL_OUTPUT - 1);
    llama_log_set([](ggml_log_level level, const char *text, void *self) { take(level, text, self); }, this);
    mtmd_log_set([](ggml_log_level level, const char *text, void *self) { take(level, text, self); }, this);
    abortLog = this;
    ggml_set_abort_callback(&EngineLog::takeAbort);
}

EngineLog::~EngineLog()
{
    ggml_set_abort_callback(nullptr);
    abortLog = nullptr;
    mtmd_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
    llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
}

std::string EngineLog::lastError() const
{
    const std::lock_guard lock(m_mutex);
    return m_lastError;
}

void EngineLog::take(int level, const char *text, void *self)
{
    if (level != GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_ERROR)
        return;
    auto &log = *static_cast<EngineLog *>(self);
    if (log.m_open)
        log.line(level == GGML_LOG_LEVEL_ERROR, text);
}

void EngineLog::takeAbort(const char *text)
{
    if (EngineLog *log = abortLog)
        log->m_sink("llama.cpp gave up at " + std::string(placeOf(text)));
}

void EngineLog::line(bool error, std::string_view text)
{
    while (text.ends_with('\n'))
        text.remove_suffix(1);
    const std::lock_guard lock(m_mutex);
    if (error)
        m_lastError = text;
    m_sink(text);
}

} // namespace tramontane::engine
