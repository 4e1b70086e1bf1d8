// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/engine_log.h"

#include <ggml.h>
#include <llama.h>
#include <log.h>

namespace tramontane::engine {

EngineLog::EngineLog(Sink sink) : m_sink(std::move(sink))
{
    // common writes through a thread of its own, which must not exist before the sandbox: it stays silent.
    common_log_set_verbosity_thold(LOG_LEVEL_OUTPUT - 1);
    llama_log_set([](ggml_log_level level, const char *text, void *self) { take(level, text, self); }, this);
}

EngineLog::~EngineLog()
{
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
