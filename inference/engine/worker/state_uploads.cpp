// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/state_uploads.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

namespace {

constexpr std::uint64_t kReserved = std::uint64_t{1} << 30; // what is announced need not come

} // namespace

Status StateUploads::begin(std::uint64_t id, protocol::RestoreState request)
{
    if (m_uploads.size() == kMostAtOnce) {
        return Error{ErrorCode::EngineBusy, "The model is just taking up other conversations. Try again in a moment.",
                     std::to_string(kMostAtOnce) + " uploads"};
    }
    const std::uint64_t bytes = request.state.bytes;
    if (bytes == 0 || bytes > protocol::kMaxStateBytes || request.conversation.empty()
        || request.conversation.size() > protocol::kMaxKeyBytes)
        return Error{ErrorCode::InvalidArgument, "What was kept of the conversation cannot be read.", "size or key"};
    Upload &upload = m_uploads.emplace(id, Upload{std::move(request), protocol::BulkReceiver(bytes), {}}).first->second;
    upload.bytes.reserve(static_cast<std::size_t>(std::min(bytes, kReserved)));
    return {};
}

Result<StateUploads::Progress> StateUploads::accept(std::uint64_t id, protocol::Bulk piece)
{
    Upload &upload = m_uploads.at(id);
    if (const auto accepted = upload.receiver.accept(std::move(piece)); !accepted)
        return accepted.error();
    upload.bytes += upload.receiver.take();
    Progress progress;
    if (!upload.receiver.complete()) {
        progress.credit = upload.receiver.grant();
        return progress;
    }
    Request request;
    request.id = id;
    request.payload = std::move(upload.request);
    request.data = std::move(upload.bytes);
    progress.complete = std::move(request);
    m_uploads.erase(id);
    return progress;
}

} // namespace tramontane::engine
