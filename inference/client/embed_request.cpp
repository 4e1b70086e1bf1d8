// SPDX-License-Identifier: Apache-2.0
#include "inference/client/embed_request.h"

#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <QtEndian>

#include <algorithm>
#include <cmath>
#include <utility>

namespace tramontane {

namespace {

// Far above the widest embedding model; keeps a worker from announcing gigabytes.
constexpr int kMaxDims = 65'536;

Vectors toRows(const std::string &bytes, int rows, int dims)
{
    Vectors vectors(static_cast<std::size_t>(rows), std::vector<float>(static_cast<std::size_t>(dims)));
    const char *from = bytes.data();
    for (auto &row : vectors) {
        for (float &value : row) {
            value = qFromLittleEndian<float>(from);
            from += sizeof(float);
        }
    }
    return vectors;
}

/// Others compare and store them.
bool allFinite(const Vectors &rows)
{
    return std::all_of(rows.begin(), rows.end(), [](const auto &row) {
        return std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); });
    });
}

} // namespace

EmbedRequest::EmbedRequest(protocol::Embed message, Done done)
    : m_message(std::move(message)), m_count(m_message.texts.size()), m_done(std::move(done))
{
}

protocol::Payload EmbedRequest::begin()
{
    return std::move(m_message);
}

Result<bool> EmbedRequest::receive(const protocol::Payload &message, const Reply &reply)
{
    if (const auto *failure = std::get_if<protocol::Failure>(&message)) {
        fail(madePlain(failure->error));
        return true;
    }
    if (const auto *embedded = std::get_if<protocol::Embedded>(&message); embedded && !m_receiver) {
        if (const Status fits = expect(*embedded); !fits)
            return fits.error();
        return false;
    }
    if (const auto *bulk = std::get_if<protocol::Bulk>(&message); bulk && m_receiver)
        return takeBulk(*bulk, reply);
    return worker_errors::protocol(std::string(protocol::typeName(message)) + " in an embedding");
}

void EmbedRequest::fail(const Error &error)
{
    if (const Done done = std::exchange(m_done, nullptr))
        done(error);
}

Status EmbedRequest::expect(const protocol::Embedded &embedded)
{
    if (embedded.rows < 0 || static_cast<std::size_t>(embedded.rows) != m_count)
        return worker_errors::protocol("as many vectors as texts were expected");
    if (embedded.dims < 1 || embedded.dims > kMaxDims)
        return worker_errors::protocol("vectors of impossible length");
    m_shape = embedded;
    m_receiver.emplace(m_count * static_cast<std::size_t>(embedded.dims) * sizeof(float));
    return {};
}

Result<bool> EmbedRequest::takeBulk(const protocol::Bulk &bulk, const Reply &reply)
{
    // Pieces of nothing would never reach the limit of bytes.
    if (bulk.data.empty() && !bulk.last)
        return worker_errors::protocol("a bulk piece without data");
    if (const Status accepted = m_receiver->accept(bulk); !accepted)
        return accepted.error();
    m_bytes += m_receiver->take();
    if (!m_receiver->complete()) {
        if (const auto credit = m_receiver->grant())
            reply(*credit);
        return false;
    }
    if (m_bytes.size() != m_count * static_cast<std::size_t>(m_shape.dims) * sizeof(float))
        return worker_errors::protocol("vectors are missing");
    auto rows = toRows(m_bytes, m_shape.rows, m_shape.dims);
    if (!allFinite(rows))
        return worker_errors::protocol("vectors with values that are no numbers");
    if (const Done done = std::exchange(m_done, nullptr))
        done(std::move(rows));
    return true;
}

} // namespace tramontane
