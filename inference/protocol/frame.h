// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/messages.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Frames on a pipe: a length (4 bytes, little endian) and one CBOR map (RFC 8949). The format in words is
// resources/formats/frames.md.
namespace tramontane::protocol {

/// The CBOR map of a frame, without the length before it.
inline constexpr std::size_t kMaxFrameBytes = 8 * 1024 * 1024;
inline constexpr std::size_t kFrameHeaderBytes = 4;

/// `id` is the request that the payload belongs to; 0 is the connection itself.
struct Frame {
    std::uint64_t id = 0;
    Payload payload;
};

/// The bytes of one frame, length first. The same frame always gives the same bytes. Any thread.
/// Errors: InvalidArgument when the frame would be longer than kMaxFrameBytes, a text is not UTF-8, or a number is
/// not finite.
[[nodiscard]] Result<std::string> encodeFrame(const Frame &frame);

/// Cuts a stream of bytes into frames. One thread at a time.
class FrameReader {
public:
    /// Adds bytes as they came, in pieces of any size. After an error they are dropped.
    void feed(std::string_view bytes);
    /// The next frame; nothing when more bytes are needed. Errors: EngineProtocol for a length of 0 or over
    /// kMaxFrameBytes, anything that is not exactly one well-formed CBOR map of the allowed kinds, an unknown type, a
    /// missing, unknown, doubled or wrongly typed field. An error is final: each later call gives it again.
    [[nodiscard]] Result<std::optional<Frame>> next();
    /// Bytes that were fed and are not yet part of a frame handed out. Who feeds only when next() has no frame keeps
    /// this below one frame and one piece.
    [[nodiscard]] std::size_t buffered() const noexcept { return m_buffer.size() - m_begin; }
    /// Whether the bytes so far end inside a frame: if the stream ends now, something was lost.
    [[nodiscard]] bool insideFrame() const noexcept { return m_buffer.size() > m_begin; }

private:
    Error fail(Error error);

    std::string m_buffer;
    std::size_t m_begin = 0; // first byte that is not yet part of a frame handed out
    std::optional<Error> m_error;
};

} // namespace tramontane::protocol
