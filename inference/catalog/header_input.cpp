// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/header_input.h"

#include "inference/catalog/model_errors.h"

namespace tramontane::catalog {

void HeaderInput::fail(Error error)
{
    if (!m_error)
        m_error = std::move(error);
}

void HeaderInput::failHere(Error error)
{
    if (!m_reading.empty())
        error.detail += ", in " + m_reading;
    fail(std::move(error));
}

bool HeaderInput::fill()
{
    m_filled = m_source.read(m_buffer.data(), m_buffer.size());
    m_at = 0;
    if (m_filled > 0)
        return true;
    if (m_source.failed())
        fail(Error{ErrorCode::IoFailed, "The model file could not be read.", "read error"});
    else
        failHere(modelTruncated("the file ends inside the header"));
    return false;
}

/// Without a place to put them the bytes are passed over.
void HeaderInput::take(std::uint8_t *into, std::uint64_t bytes)
{
    if (failed())
        return;
    if (bytes > left())
        return failHere(modelTruncated("the file ends inside the header"));
    if (bytes > m_mostBytes - m_position)
        return failHere(modelUnsupported("the header is longer than " + std::to_string(m_mostBytes >> 20) + " MiB"));
    while (bytes > 0) {
        if (m_at == m_filled && !fill())
            return;
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, m_filled - m_at));
        if (into != nullptr) {
            std::memcpy(into, m_buffer.data() + m_at, piece);
            into += piece;
        }
        m_at += piece;
        m_position += piece;
        bytes -= piece;
    }
}

void HeaderInput::skip(std::uint64_t bytes)
{
    take(nullptr, bytes);
}

std::string HeaderInput::text(std::uint64_t longest, const char *what)
{
    const auto length = number<std::uint64_t>();
    if (length > longest)
        failHere(modelDamaged(std::string(what) + " of " + std::to_string(length) + " bytes"));
    // Looked at before memory is asked for: the file may be shorter than it says.
    else if (length > left())
        failHere(modelTruncated("the file ends inside the header"));
    if (failed())
        return {};
    std::string text(static_cast<std::size_t>(length), '\0');
    take(reinterpret_cast<std::uint8_t *>(text.data()), length);
    return failed() ? std::string() : text;
}

void HeaderInput::skipText(std::uint64_t longest, const char *what)
{
    const auto length = number<std::uint64_t>();
    if (length > longest)
        failHere(modelDamaged(std::string(what) + " of " + std::to_string(length) + " bytes"));
    skip(length);
}

} // namespace tramontane::catalog
