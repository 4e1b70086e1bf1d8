// SPDX-License-Identifier: Apache-2.0
#include "inference/client/stderr_tail.h"

#include <algorithm>
#include <array>

namespace tramontane {

namespace {

// What llama.cpp, ggml, the loader, the C++ runtime, the sanitizers and our own engine begin a line with when they say
// what failed. "what():" is missing on purpose: exception texts quote their input.
constexpr std::array<std::string_view, 10> kKnownBeginnings = {
    "tramontane-engine: ", "ggml_",         "CUDA error", "llama_model_load", "llama_load",
    "llama_init",          "llama_context", "gguf_init",  "terminate called", "SUMMARY: "};

/// ggml_abort prints "file:line: GGML_ASSERT(condition) failed"; both parts are fixed at compile time.
bool isAssertion(std::string_view line)
{
    return !line.empty() && line.front() == '/' && line.find(": GGML_ASSERT(") != std::string_view::npos;
}

bool isKnown(std::string_view line)
{
    return isAssertion(line)
           || std::any_of(kKnownBeginnings.begin(), kKnownBeginnings.end(),
                          [line](std::string_view beginning) { return line.substr(0, beginning.size()) == beginning; });
}

} // namespace

void StderrTail::feed(std::string_view bytes)
{
    for (const char byte : bytes) {
        if (byte == '\n')
            endLine();
        else if (m_line.size() < kLineBytes)
            m_line += byte >= ' ' && byte <= '~' ? byte : '?';
    }
}

std::string StderrTail::text() const
{
    std::string joined;
    for (const std::string &line : m_lines)
        joined += (joined.empty() ? "" : " | ") + line;
    if (isKnown(m_line))
        joined += (joined.empty() ? "" : " | ") + m_line;
    return joined;
}

void StderrTail::endLine()
{
    if (isKnown(m_line)) {
        m_lines.push_back(m_line);
        if (m_lines.size() > kLines)
            m_lines.pop_front();
    }
    m_line.clear();
}

} // namespace tramontane
