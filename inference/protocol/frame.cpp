// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/frame.h"

#include "inference/protocol/message_codec.h"

namespace tramontane::protocol {

namespace {

Error protocolError(std::string detail)
{
    return {ErrorCode::EngineProtocol, "The engine and the application did not understand each other.",
            std::move(detail)};
}

std::size_t lengthAt(std::string_view bytes)
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < kFrameHeaderBytes; ++i)
        length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return length;
}

} // namespace

Result<std::string> encodeFrame(const Frame &frame)
{
    std::string bytes(kFrameHeaderBytes, '\0');
    if (auto appended = appendBody(frame, bytes); !appended)
        return appended.error();
    const std::size_t length = bytes.size() - kFrameHeaderBytes;
    if (length > kMaxFrameBytes) {
        return Error{ErrorCode::InvalidArgument, "The text is too long for one request. Shorten it.",
                     "frame of " + std::to_string(length) + " bytes"};
    }
    for (std::size_t i = 0; i < kFrameHeaderBytes; ++i)
        bytes[i] = static_cast<char>((length >> (8 * i)) & 0xFF);
    return bytes;
}

void FrameReader::feed(std::string_view bytes)
{
    if (m_error)
        return;
    // Moving the rest to the front only when it is small keeps a long run of small frames linear.
    if (m_begin > m_buffer.size() / 2) {
        m_buffer.erase(0, m_begin);
        m_begin = 0;
    }
    m_buffer.append(bytes);
}

Result<std::optional<Frame>> FrameReader::next()
{
    if (m_error)
        return *m_error;
    const std::string_view rest = std::string_view(m_buffer).substr(m_begin);
    if (rest.size() < kFrameHeaderBytes)
        return std::optional<Frame>();
    const std::size_t length = lengthAt(rest);
    if (length == 0 || length > kMaxFrameBytes)
        return fail(protocolError("frame length " + std::to_string(length)));
    if (rest.size() - kFrameHeaderBytes < length)
        return std::optional<Frame>();
    auto frame = decodeBody(rest.substr(kFrameHeaderBytes, length));
    if (!frame)
        return fail(protocolError(frame.error().detail));
    m_begin += kFrameHeaderBytes + length;
    return std::optional<Frame>(std::move(*frame));
}

Error FrameReader::fail(Error error)
{
    m_error = error;
    m_buffer.clear();
    m_begin = 0;
    return error;
}

} // namespace tramontane::protocol
