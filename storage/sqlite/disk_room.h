// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tramontane::sqlite {

/// Space that is kept for a full disk, as the databases see it. Calls from any thread; neither fails.
class DiskRoom {
public:
    virtual ~DiskRoom() = default;

    /// Called when a write found no space. True: there is more of it now, the write is worth another try.
    [[nodiscard]] virtual bool giveUp() noexcept = 0;
    /// Called after a write; what was given up may be had again.
    virtual void written() noexcept = 0;
};

} // namespace tramontane::sqlite
