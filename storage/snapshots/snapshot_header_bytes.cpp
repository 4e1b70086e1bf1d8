// SPDX-License-Identifier: Apache-2.0
#include "storage/snapshots/snapshot_header_bytes.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace tramontane::vault {

static_assert(4 * (4 + kMaxSnapshotText) + kMaxSnapshotAdapters * 40 + 128 <= kMaxSnapshotHeaderBytes);

namespace {

class Writer {
public:
    template <class Integer>
    void integer(Integer value)
    {
        for (std::size_t i = 0; i < sizeof(Integer); ++i)
            m_bytes += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
    }
    void text(const std::string &value)
    {
        integer(static_cast<std::uint32_t>(value.size()));
        m_bytes += value;
    }
    void hash(const Hash32 &value) { m_bytes.append(value.begin(), value.end()); }
    [[nodiscard]] std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

/// Takes field after field; after the first one that does not fit, every accessor answers with an empty value.
class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : m_left(bytes) {}

    template <class Integer>
    [[nodiscard]] Integer integer(const char *field, Integer max)
    {
        const auto bytes = take(field, sizeof(Integer));
        Integer value = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            value = static_cast<Integer>(value | (static_cast<Integer>(bytes[i]) << (8 * i)));
        if (value <= max)
            return value;
        fail(field);
        return 0;
    }
    [[nodiscard]] std::string text(const char *field)
    {
        const auto size = integer<std::uint32_t>(field, static_cast<std::uint32_t>(kMaxSnapshotText));
        const auto bytes = take(field, size);
        return {bytes.begin(), bytes.end()};
    }
    [[nodiscard]] Hash32 hash(const char *field)
    {
        Hash32 value{};
        std::ranges::copy(take(field, value.size()), value.begin());
        return value;
    }
    /// The field that did not fit.
    [[nodiscard]] const char *finish()
    {
        if (!m_left.empty())
            fail("bytes behind the end");
        return m_problem;
    }

private:
    std::span<const std::uint8_t> take(const char *field, std::size_t size)
    {
        if (m_problem || m_left.size() < size) {
            fail(field);
            return {};
        }
        const auto taken = m_left.first(size);
        m_left = m_left.subspan(size);
        return taken;
    }
    void fail(const char *field)
    {
        if (!m_problem)
            m_problem = field;
    }

    std::span<const std::uint8_t> m_left;
    const char *m_problem = nullptr;
};

Error notAHeader(const std::string &field)
{
    return Error{ErrorCode::InvalidArgument, "The description of a snapshot is damaged.", field};
}

} // namespace

std::string snapshotHeaderBytes(const SnapshotHeader &header)
{
    const SnapshotConfiguration &about = header.configuration;
    Writer out;
    out.hash(about.modelSha256);
    out.integer(about.contextTokens);
    out.text(about.kvTypeK);
    out.text(about.kvTypeV);
    out.integer(static_cast<std::uint8_t>(about.flashAttention));
    out.text(about.contextOptions);
    out.integer(static_cast<std::uint8_t>(about.adapters.size()));
    for (const SnapshotAdapter &adapter : about.adapters) {
        out.hash(adapter.sha256);
        out.integer(std::bit_cast<std::uint64_t>(adapter.scale));
    }
    out.text(about.engineBuild);
    out.integer(header.tokenCount);
    out.hash(header.tokensSha256);
    out.integer(header.stateBytes);
    return out.take();
}

Result<SnapshotHeader> readSnapshotHeader(std::span<const std::uint8_t> bytes)
{
    if (bytes.size() > kMaxSnapshotHeaderBytes)
        return notAHeader("length");
    SnapshotHeader header;
    SnapshotConfiguration &about = header.configuration;
    Reader in(bytes);
    about.modelSha256 = in.hash("model");
    about.contextTokens = in.integer("context tokens", kMaxSnapshotTokens);
    about.kvTypeK = in.text("KV type of keys");
    about.kvTypeV = in.text("KV type of values");
    about.flashAttention = in.integer<std::uint8_t>("flash attention", 1) == 1;
    about.contextOptions = in.text("context options");
    const auto adapters = in.integer("adapters", static_cast<std::uint8_t>(kMaxSnapshotAdapters));
    for (int i = 0; i < adapters; ++i) {
        SnapshotAdapter &adapter = about.adapters.emplace_back();
        adapter.sha256 = in.hash("adapter");
        adapter.scale = std::bit_cast<double>(in.integer("scale", ~std::uint64_t(0)));
    }
    about.engineBuild = in.text("engine build");
    header.tokenCount = in.integer("token count", kMaxSnapshotTokens);
    header.tokensSha256 = in.hash("tokens");
    header.stateBytes = in.integer("state bytes", kMaxSnapshotBytes);
    if (const char *problem = in.finish())
        return notAHeader(problem);
    if (auto checked = checkSnapshotHeader(header); !checked)
        return notAHeader(checked.error().detail);
    return header;
}

} // namespace tramontane::vault
