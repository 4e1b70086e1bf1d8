// SPDX-License-Identifier: Apache-2.0
#include "inference/client/embed_request.h"

#include "inference/client/untrusted_text.h"
#include "inference/client/worker_errors.h"

#include <QtEndian>

#include <utility>

namespace tramontane {

namespace {

constexpr std::size_t kGroupBytes = 2 * 1024 * 1024;
constexpr std::size_t kGroupTexts = 256;
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

} // namespace

EmbedRequest::EmbedRequest(std::vector<std::string> texts, Done done)
    : m_texts(std::move(texts)), m_count(m_texts.size()), m_done(std::move(done))
{
}

protocol::Payload EmbedRequest::begin()
{
    return protocol::Embed{std::move(m_texts)};
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
    if (const Done done = std::exchange(m_done, nullptr))
        done(toRows(m_bytes, m_shape.rows, m_shape.dims));
    return true;
}

std::vector<std::vector<std::string>> embedGroups(std::vector<std::string> texts)
{
    std::vector<std::vector<std::string>> groups;
    std::size_t bytes = 0;
    for (std::string &text : texts) {
        if (groups.empty() || groups.back().size() >= kGroupTexts || bytes + text.size() > kGroupBytes) {
            groups.emplace_back();
            bytes = 0;
        }
        bytes += text.size();
        groups.back().push_back(std::move(text));
    }
    return groups;
}

} // namespace tramontane
