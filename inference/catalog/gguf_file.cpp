// SPDX-License-Identifier: Apache-2.0
#include "inference/catalog/gguf_file.h"

namespace tramontane::catalog {

namespace {

template <class T>
const T *find(const GgufFile &file, const std::string &key)
{
    const auto found = file.metadata.find(key);
    return found == file.metadata.end() ? nullptr : std::get_if<T>(&found->second.value);
}

} // namespace

std::optional<std::uint64_t> GgufFile::number(const std::string &key) const
{
    if (const auto *value = find<std::uint64_t>(*this, key))
        return *value;
    if (const auto *value = find<std::int64_t>(*this, key); value != nullptr && *value >= 0)
        return static_cast<std::uint64_t>(*value);
    return std::nullopt;
}

std::string_view GgufFile::text(const std::string &key) const
{
    const auto *value = find<std::string>(*this, key);
    return value == nullptr ? std::string_view() : std::string_view(*value);
}

std::optional<bool> GgufFile::flag(const std::string &key) const
{
    const auto *value = find<bool>(*this, key);
    return value == nullptr ? std::nullopt : std::optional(*value);
}

const ArrayValue *GgufFile::array(const std::string &key) const
{
    return find<ArrayValue>(*this, key);
}

} // namespace tramontane::catalog
