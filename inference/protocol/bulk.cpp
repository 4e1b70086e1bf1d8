// SPDX-License-Identifier: Apache-2.0
#include "inference/protocol/bulk.h"

#include <algorithm>
#include <utility>

namespace tramontane::protocol {

namespace {

Error bulkError(const char *detail)
{
    return {ErrorCode::EngineProtocol, "The engine and the application did not understand each other.", detail};
}

} // namespace

std::optional<Bulk> BulkSender::next()
{
    const std::size_t left = m_data.size() - m_sent;
    const std::size_t size = std::min(left, kMaxBulkBytes);
    // A piece waits until it fits whole: pieces of odd sizes would gain nothing.
    if (m_finished || m_inFlight + size > kBulkWindow)
        return std::nullopt;
    Bulk bulk{m_seq++, size == left, m_data.substr(m_sent, size)};
    m_sent += size;
    m_inFlight += size;
    m_finished = bulk.last;
    return bulk;
}

Status BulkSender::addCredit(const Credit &credit)
{
    if (credit.bytes > m_inFlight)
        return bulkError("credit for bytes that were not sent");
    m_inFlight -= credit.bytes;
    return {};
}

Status BulkReceiver::accept(Bulk bulk)
{
    if (m_complete)
        return bulkError("bulk piece after the last");
    if (bulk.seq != m_nextSeq)
        return bulkError("bulk piece out of order");
    if (bulk.data.size() > kMaxBulkBytes)
        return bulkError("bulk piece too long");
    if (bulk.data.size() > m_window)
        return bulkError("bulk piece beyond the credit");
    if (bulk.data.size() > m_totalLimit - m_total)
        return bulkError("bulk data beyond the limit");
    ++m_nextSeq;
    m_window -= bulk.data.size();
    m_total += bulk.data.size();
    m_complete = bulk.last;
    m_pending.append(bulk.data);
    return {};
}

std::string BulkReceiver::take()
{
    m_taken += m_pending.size();
    return std::exchange(m_pending, {});
}

std::optional<Credit> BulkReceiver::grant()
{
    if (m_taken == 0)
        return std::nullopt;
    m_window += m_taken;
    return Credit{std::exchange(m_taken, 0)};
}

} // namespace tramontane::protocol
