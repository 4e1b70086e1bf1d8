// SPDX-License-Identifier: Apache-2.0
#include "inference/engine/worker/uploads.h"

#include <algorithm>
#include <utility>

namespace tramontane::engine {

namespace {

constexpr std::uint64_t kReserved = std::uint64_t{1} << 30; // what is announced need not come

} // namespace

Status Uploads::begin(std::uint64_t id, protocol::RestoreState request)
{
    if (m_uploads.size() == kMostAtOnce) {
        return Error{ErrorCode::EngineBusy, "The model is just taking up other conversations. Try again in a moment.",
                     std::to_string(kMostAtOnce) + " uploads"};
    }
    const std::uint64_t bytes = request.state.bytes;
    if (bytes == 0 || bytes > protocol::kMaxStateBytes || request.conversation.empty()
        || request.conversation.size() > protocol::kMaxKeyBytes)
        return Error{ErrorCode::InvalidArgument, "What was kept of the conversation cannot be read.", "size or key"};
    Request waiting;
    waiting.payload = std::move(request);
    waiting.data.reserve(static_cast<std::size_t>(std::min(bytes, kReserved)));
    return add(id, std::move(waiting), bytes);
}

Status Uploads::begin(std::uint64_t id, protocol::Generate request)
{
    if (const Status checked = checkImages(request.turns); !checked)
        return checked;
    std::uint64_t bytes = 0;
    for (const ImageRef &image : distinctImages(request.turns))
        bytes += imageBytes(image);
    if (m_uploads.size() == kMostAtOnce || *m_imageBytes + bytes > kMostImageBytes) {
        return Error{ErrorCode::EngineBusy, "The model is just looking at other images. Try again in a moment.",
                     std::to_string(m_imageBytes->load()) + " bytes of images"};
    }
    *m_imageBytes += bytes;
    Request waiting;
    waiting.background = request.background;
    waiting.payload = std::move(request);
    // Counts until whoever has the request lets go of it.
    waiting.share =
        std::shared_ptr<const void>(m_imageBytes.get(), [all = m_imageBytes, bytes](const void *) { *all -= bytes; });
    waiting.data.reserve(bytes); // it must not move: nobody would wipe what stays behind
    return add(id, std::move(waiting), bytes);
}

Status Uploads::add(std::uint64_t id, Request request, std::uint64_t bytes)
{
    request.id = id;
    m_uploads.emplace(id, Upload{std::move(request), protocol::BulkReceiver(bytes)});
    return {};
}

Result<Uploads::Progress> Uploads::accept(std::uint64_t id, protocol::Bulk piece)
{
    Upload &upload = m_uploads.at(id);
    if (const auto accepted = upload.receiver.accept(std::move(piece)); !accepted)
        return accepted.error();
    upload.request.data += upload.receiver.take();
    Progress progress;
    if (!upload.receiver.complete()) {
        progress.credit = upload.receiver.grant();
        return progress;
    }
    progress.complete = std::move(upload.request);
    m_uploads.erase(id);
    return progress;
}

} // namespace tramontane::engine
