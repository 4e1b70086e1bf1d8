// SPDX-License-Identifier: Apache-2.0
#include "storage/repositories/online_copy.h"

namespace tramontane {

namespace {

using sqlite::Connection;
using Settlements = VaultDatabase::Settlements;

constexpr int kPagesAtOnce = 256; // a megabyte: a few milliseconds of other people's waiting

struct Position {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
};

Error stopped()
{
    return Error{ErrorCode::Cancelled, "Stopped. Nothing was changed.", ""};
}

} // namespace

Result<OnlineCopy> OnlineCopy::begin(VaultDatabase &database, const std::filesystem::path &target, const Key32 &key)
{
    auto begun = database
                     .read([target, key = key.clone()](Connection &source, const Settlements &) -> Result<Copy> {
                         auto copy = sqlite::DatabaseCopy::begin(source, target, key);
                         if (!copy)
                             return copy.error();
                         return Copy(std::move(*copy));
                     })
                     .result();
    if (!begun)
        return begun.error();
    return OnlineCopy(database, std::move(*begun));
}

OnlineCopy::~OnlineCopy()
{
    if (!m_copy)
        return;
    m_database
        .read([copy = std::move(m_copy)](Connection &, const Settlements &) mutable -> Status {
            copy.reset();
            return {};
        })
        .waitForFinished();
}

Status OnlineCopy::advance(const LongWork &work)
{
    for (;;) {
        if (work.stop.stop_requested())
            return stopped();
        const auto position = m_database
                                  .read([copy = m_copy.get()](Connection &, const Settlements &) -> Result<Position> {
                                      // The last ones are left to whoever finishes: a copy that is complete follows no writer any more.
                                      if (copy->total() != 0 && copy->total() - copy->done() <= kPagesAtOnce)
                                          return Position{copy->total(), copy->total()};
                                      if (auto stepped = copy->step(copy->total() == 0 ? 0 : kPagesAtOnce); !stepped)
                                          return stepped.error();
                                      return Position{copy->done(), copy->total()};
                                  })
                                  .result();
        if (!position)
            return position.error();
        work.report(position->done, position->total);
        if (position->done == position->total)
            return {};
    }
}

Status OnlineCopy::complete()
{
    return m_database
        .read([copy = m_copy.get()](Connection &, const Settlements &) -> Status {
            if (auto rest = copy->step(-1); !rest)
                return rest.error();
            return copy->finish();
        })
        .result();
}

} // namespace tramontane
