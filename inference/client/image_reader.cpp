// SPDX-License-Identifier: Apache-2.0
#include "inference/client/image_reader.h"

#include "app/contracts/when_ready.h"
#include "inference/client/inspection_json.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <utility>

namespace tramontane {

namespace {

using Image = std::shared_ptr<const RawImage>;

constexpr qsizetype kLongestHead = 64; // {"width":16384,"height":16384} and a newline
constexpr qsizetype kMostOutput = kMostImagePixels * 3 + kLongestHead;

Error unreadable(std::string detail)
{
    return {
        ErrorCode::InvalidArgument,
        "The image could not be read: the program that reads it stopped. The file is damaged or was made to do harm; "
        "do not use it.",
        std::move(detail)};
}

/// What can be said without opening the file.
Status checkFile(const QFileInfo &file)
{
    if (!file.isFile() || !file.isReadable())
        return Error{ErrorCode::NotFound, "The image file is not there or may not be read. Check its name.", "no file"};
    if (file.size() > kMostImageFileBytes)
        return Error{ErrorCode::InvalidArgument, "The image file is larger than 64 MiB. Make it smaller.", "file size"};
    return {};
}

} // namespace

LocalImageReader::LocalImageReader(QString program, RequiredLayers required, QObject *parent,
                                   std::chrono::milliseconds longest)
    : QObject(parent), m_program(std::move(program)), m_required(std::move(required)), m_longest(longest)
{
}

LocalImageReader::~LocalImageReader()
{
    // Now, while the object is whole: whoever hears of the end may ask it something.
    qDeleteAll(findChildren<ProgramRun *>(QString(), Qt::FindDirectChildrenOnly));
}

Async<Image> LocalImageReader::read(std::string path)
{
    const QFileInfo file(QString::fromStdString(path));
    if (const Status checked = checkFile(file); !checked)
        return ready<Image>(checked.error());
    ProgramRun::Limits limits;
    limits.time = m_longest;
    limits.outputBytes = kMostOutput;
    Deferred<Image> answer;
    const auto done = [answer](const ProgramOutcome &outcome) {
        const auto error = failureOf(outcome, unreadable({}));
        answer.resolve(error ? Result<Image>(*error) : readImageOutput(outcome.output));
    };
    const QStringList order = withRequired({QStringLiteral("--image")}, m_required);
    new ProgramRun(m_program, order, limits, done, this, file.absoluteFilePath());
    return answer.future();
}

Result<Image> readImageOutput(const QByteArray &output)
{
    const qsizetype end = output.indexOf('\n');
    if (end < 0)
        return unreadable("no line");
    const QByteArray line = output.left(end);
    const QJsonObject head = QJsonDocument::fromJson(line).object();
    if (head.contains(QStringLiteral("error"))) {
        // The same form as that of the other readers.
        const auto reported = inspection::readDevices(line);
        return reported ? unreadable("error without a form") : reported.error();
    }
    const qint64 width = head.value(QStringLiteral("width")).toInteger(-1);
    const qint64 height = head.value(QStringLiteral("height")).toInteger(-1);
    if (end >= kLongestHead || !checkImageSize(width, height))
        return unreadable("impossible size");
    RawImage image;
    image.about.width = static_cast<int>(width);
    image.about.height = static_cast<int>(height);
    if (static_cast<std::uint64_t>(output.size() - end - 1) != imageBytes(image.about))
        return unreadable("another number of pixels than it says");
    image.rgb.assign(output.constData() + end + 1, imageBytes(image.about));
    image.about.sha256 = imageHash(image.about.width, image.about.height, image.rgb);
    return Image(std::make_shared<const RawImage>(std::move(image)));
}

} // namespace tramontane
