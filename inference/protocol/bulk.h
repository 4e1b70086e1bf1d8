// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/protocol/messages.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

// Flow control for data that is too large for one frame: the sender never has more bytes on the way than the receiver
// has granted, so that neither side can fill the other's memory. One thread at a time per object.
namespace tramontane::protocol {

/// Bytes in one Bulk frame.
inline constexpr std::size_t kMaxBulkBytes = 256 * 1024;
/// What a sender may send before the first Credit.
inline constexpr std::uint64_t kBulkWindow = 1024 * 1024;

/// Cuts `data` into Bulk messages as credit allows. Empty data is one empty last piece.
class BulkSender {
public:
    explicit BulkSender(std::string data) : m_data(std::move(data)) {}

    /// The next piece; nothing while credit is used up or when all is sent.
    [[nodiscard]] std::optional<Bulk> next();
    /// Errors: EngineProtocol when more is granted than is on the way.
    [[nodiscard]] Status addCredit(const Credit &credit);
    [[nodiscard]] bool finished() const noexcept { return m_finished; }
    /// Bytes sent and not yet granted again.
    [[nodiscard]] std::uint64_t inFlight() const noexcept { return m_inFlight; }

private:
    std::string m_data;
    std::size_t m_sent = 0;
    std::uint64_t m_seq = 0;
    std::uint64_t m_inFlight = 0;
    bool m_finished = false;
};

/// Checks and collects what a BulkSender sends.
class BulkReceiver {
public:
    /// `totalLimit`: bytes of the whole transfer.
    explicit BulkReceiver(std::uint64_t totalLimit) : m_totalLimit(totalLimit) {}

    /// Errors: EngineProtocol for a piece out of order, after the last, too long, beyond the credit, or beyond the
    /// limit. After an error the transfer is lost.
    [[nodiscard]] Status accept(Bulk bulk);
    /// What has come and was not taken yet. Taking earns credit.
    [[nodiscard]] std::string take();
    /// The credit for what was taken since the last call; nothing if there is none to give.
    [[nodiscard]] std::optional<Credit> grant();
    /// The last piece has come.
    [[nodiscard]] bool complete() const noexcept { return m_complete; }

private:
    std::uint64_t m_totalLimit = 0;
    std::uint64_t m_total = 0;
    std::uint64_t m_nextSeq = 0;
    std::uint64_t m_window = kBulkWindow; // what the sender may still send
    std::uint64_t m_taken = 0;            // taken, credit not yet given
    bool m_complete = false;
    std::string m_pending;
};

} // namespace tramontane::protocol
