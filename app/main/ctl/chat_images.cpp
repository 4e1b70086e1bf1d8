// SPDX-License-Identifier: Apache-2.0
#include "app/main/ctl/chat_images.h"

#include "app/contracts/when_ready.h"
#include "app/core/image.h"

#include <QFileInfo>

#include <utility>

namespace tramontane::ctl {
namespace {

using Image = std::shared_ptr<const RawImage>;

/// Alive as long as somebody is waited for.
struct Job {
    QObject *context;
    ImageReader &reader;
    ModelInspector &inspector;
    std::vector<std::string> files;
    std::string projector;
    ChatImages found;
    std::int64_t pixels = 0;
    Deferred<ChatImages> answer;
};

Error tooManyPixels()
{
    return {ErrorCode::InvalidArgument,
            "Not sent: the images of a question may have at most 64 million pixels together. Make them smaller.",
            "pixels of all images"};
}

void inspectProjector(const std::shared_ptr<Job> &job)
{
    if (job->projector.empty())
        return job->answer.resolve(std::move(job->found));
    whenReady(job->context, job->inspector.inspect(job->projector), [job](const Result<ModelDescription> &description) {
        if (!description)
            return job->answer.resolve(Error{description.error().code, "The projector: " + description.error().message,
                                             description.error().detail});
        job->found.projector = ModelRef{{}, job->projector, *description, 0};
        job->answer.resolve(std::move(job->found));
    });
}

void readNext(const std::shared_ptr<Job> &job)
{
    const std::size_t next = job->found.images.size();
    if (next == job->files.size())
        return inspectProjector(job);
    whenReady(job->context, job->reader.read(job->files[next]), [job, next](const Result<Image> &image) {
        if (!image) {
            const QFileInfo file(QString::fromStdString(job->files[next]));
            return job->answer.resolve(
                Error{image.error().code, "Not sent: " + file.fileName().toStdString() + ": " + image.error().message,
                      image.error().detail});
        }
        const ImageRef &about = (*image)->about;
        job->pixels += std::int64_t{about.width} * about.height;
        // The service would refuse them, too; but only when all lie in memory.
        if (job->pixels > kMostImagePixels)
            return job->answer.resolve(tooManyPixels());
        job->found.images.push_back(*image);
        readNext(job);
    });
}

} // namespace

Async<ChatImages> readChatImages(QObject *context, ImageReader &reader, ModelInspector &inspector,
                                 std::vector<std::string> files, std::string projector)
{
    const auto job =
        std::make_shared<Job>(Job{context, reader, inspector, std::move(files), std::move(projector), {}, 0, {}});
    readNext(job);
    return job->answer.future();
}

} // namespace tramontane::ctl
