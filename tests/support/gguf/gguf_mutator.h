// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/gguf/gguf_fields.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tramontane::test {

/// A file that somebody may have made to harm: what there is of it, and how long it claims to be.
struct MutatedGguf {
    std::string content;     // header, and as much of the data as the mutator was given
    std::uint64_t bytes = 0; // of the whole file
    std::string what;        // what was done, for people
};

/// Makes broken files out of a sound one, field by field: what the format calls a count, a length, a type, an offset or
/// a text is replaced, doubled, removed or put in another's place. A number always makes the same file, on every machine.
/// Any thread.
class GgufMutator {
public:
    /// `content`: the header at least. `bytes`: of the whole file.
    GgufMutator(std::string content, std::uint64_t bytes);
    GgufMutator(const GgufMutator &) = delete;
    GgufMutator &operator=(const GgufMutator &) = delete;

    /// False: the file is none, and nothing can be made of it.
    [[nodiscard]] bool sound() const { return !m_fields.empty(); }
    [[nodiscard]] const std::vector<GgufField> &fields() const { return m_fields; }
    /// One to three changes.
    [[nodiscard]] MutatedGguf mutate(std::uint64_t seed, std::uint64_t number) const;

private:
    std::string m_content;
    std::uint64_t m_bytes;
    std::vector<GgufField> m_fields;
    std::size_t m_headerBytes = 0;
};

} // namespace tramontane::test
